import type { Block, Content, Language } from '../content'
import type { PaymentFacts } from '../facts'
import { formatMoment, formatMoney } from '../format'
import { SHOPPER_FOOTER } from './order-parts'

/** The moments of a payment that a shopper is written about. */
export type PaymentMoment = 'seen' | 'paid' | 'underpaid' | 'overpaid'

interface Values {
  amount: string
  paid: string
  due: string
  surplus: string
  until: string
  order: string
  /** No money has come: the owner has settled the invoice by hand. */
  nothing: boolean
}

interface Words {
  subject(values: Values): string
  heading: string
  paragraphs(values: Values): string[]
  button: string
}

const NAMES = {
  en: { amount: 'To pay', paid: 'Received', due: 'Still due', surplus: 'Too much' },
  de: { amount: 'Zu zahlen', paid: 'Eingegangen', due: 'Noch offen', surplus: 'Zu viel' },
}

const WORDS: Record<Language, Record<PaymentMoment, Words>> = {
  en: {
    seen: {
      subject: () => 'Your Bitcoin payment has been seen',
      heading: 'Your payment is on its way',
      paragraphs: ({ amount }) => [
        `We see your payment of ${amount} in the Bitcoin network. It is not confirmed yet: that usually takes 10 to 60 minutes.`,
        'There is nothing for you to do. Your order is placed as soon as the payment is confirmed, and we write to you then.',
      ],
      button: 'Follow your payment',
    },
    paid: {
      subject: ({ order }) => `Payment received for order ${order}`,
      heading: 'Your payment is complete',
      paragraphs: ({ paid, order, nothing }) => [
        nothing
          ? `We have marked your order ${order} as paid. Nothing is left to pay.`
          : `We have received ${paid} for your order ${order}. Nothing is left to pay.`,
      ],
      button: 'See your order',
    },
    underpaid: {
      subject: ({ due }) => `${due} is still due`,
      heading: 'A part of your payment is missing',
      paragraphs: ({ paid, due, until }) => [
        `${paid} has arrived, ${due} is still due. Please pay the rest before ${until}; the payment page shows it in bitcoin.`,
        'Some wallets and exchanges take their fee out of the sum that they send; that is the most frequent reason.',
        'If you do not pay the rest in time, no order is placed. Reply to this mail then, and we send back what you paid.',
      ],
      button: 'Pay the rest',
    },
    overpaid: {
      subject: ({ order }) => `You paid more than was due for order ${order}`,
      heading: 'You paid more than was due',
      paragraphs: ({ paid, surplus, order }) => [
        `We have received ${paid} for your order ${order}. That is ${surplus} more than was due; the order itself is paid and goes its way.`,
        'Reply to this mail if you want the rest back: we send you a link where you say which address or invoice it shall go to.',
      ],
      button: 'See your order',
    },
  },
  de: {
    seen: {
      subject: () => 'Deine Bitcoin-Zahlung ist im Netz zu sehen',
      heading: 'Deine Zahlung ist unterwegs',
      paragraphs: ({ amount }) => [
        `Wir sehen deine Zahlung über ${amount} im Bitcoin-Netz. Sie ist noch nicht bestätigt: das dauert meist 10 bis 60 Minuten.`,
        'Du musst nichts tun. Sobald die Zahlung bestätigt ist, entsteht deine Bestellung, und wir schreiben dir.',
      ],
      button: 'Zahlung verfolgen',
    },
    paid: {
      subject: ({ order }) => `Zahlung für Bestellung ${order} erhalten`,
      heading: 'Deine Zahlung ist vollständig',
      paragraphs: ({ paid, order, nothing }) => [
        nothing
          ? `Wir haben deine Bestellung ${order} als bezahlt vermerkt. Es ist nichts mehr offen.`
          : `Wir haben ${paid} für deine Bestellung ${order} erhalten. Es ist nichts mehr offen.`,
      ],
      button: 'Bestellung ansehen',
    },
    underpaid: {
      subject: ({ due }) => `Es fehlen noch ${due}`,
      heading: 'Ein Teil deiner Zahlung fehlt',
      paragraphs: ({ paid, due, until }) => [
        `${paid} sind eingegangen, ${due} fehlen noch. Bitte zahle den Rest bis ${until}; die Zahlungsseite nennt ihn in Bitcoin.`,
        'Manche Wallets und Börsen ziehen ihre Gebühr von der gesendeten Summe ab; das ist der häufigste Grund.',
        'Kommt der Rest nicht rechtzeitig, entsteht keine Bestellung. Antworte dann auf diese Mail, und wir senden zurück, was du gezahlt hast.',
      ],
      button: 'Rest bezahlen',
    },
    overpaid: {
      subject: ({ order }) => `Für Bestellung ${order} ist zu viel eingegangen`,
      heading: 'Du hast mehr gezahlt als nötig',
      paragraphs: ({ paid, surplus, order }) => [
        `Wir haben ${paid} für deine Bestellung ${order} erhalten. Das sind ${surplus} mehr als nötig; die Bestellung selbst ist bezahlt und geht ihren Weg.`,
        'Antworte auf diese Mail, wenn du den Rest zurückhaben möchtest: wir senden dir einen Link, unter dem du sagst, an welche Adresse oder Rechnung er gehen soll.',
      ],
      button: 'Bestellung ansehen',
    },
  },
}

const SHOWN: Record<PaymentMoment, ('amount' | 'paid' | 'due' | 'surplus')[]> = {
  seen: ['amount'],
  paid: ['amount', 'paid'],
  underpaid: ['amount', 'paid', 'due'],
  overpaid: ['amount', 'paid', 'surplus'],
}

/** To the shopper: how a payment stands. */
export function paymentMail(
  moment: PaymentMoment,
): (payment: PaymentFacts, language: Language) => Content {
  return (payment, language) => {
    const words = WORDS[language][moment]
    const money = (amount: string) => formatMoney({ amount, currency: payment.currency }, language)
    const values = {
      amount: money(payment.amount),
      paid: money(payment.paid),
      due: money(payment.due),
      surplus: money(payment.surplus),
      until: formatMoment(payment.payUntil, language),
      order: payment.orderNumber === undefined ? '' : `#${payment.orderNumber}`,
      nothing: Number(payment.paid) === 0,
    }
    const paragraphs = words.paragraphs(values)
    const facts: Block = {
      kind: 'facts',
      facts: SHOWN[moment]
        .filter((name) => !(values.nothing && name === 'paid'))
        .map((name) => ({ name: NAMES[language][name], value: values[name] })),
    }
    const [first = '', ...rest] = paragraphs.map(
      (text): Block => ({ kind: 'paragraph' as const, text }),
    )
    return {
      language,
      subject: words.subject(values),
      preview: paragraphs[0] ?? '',
      blocks: [
        { kind: 'heading', text: words.heading },
        ...(first ? [first] : []),
        facts,
        ...rest,
        {
          kind: 'button',
          text: words.button,
          url: moment === 'underpaid' ? payment.checkoutLink : payment.link,
        },
      ],
      footer: SHOPPER_FOOTER[language],
    }
  }
}
