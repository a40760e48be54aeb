import type { Block, Content, Language } from '../content'
import type { ShipmentFacts } from '../facts'
import { addressBlock, SHOPPER_FOOTER } from './order-parts'

const WORDS = {
  en: {
    subject: (number: number) => `Order #${number} is on its way`,
    heading: 'Your parcel is on its way',
    first: (number: number) => `We have handed over a parcel of your order #${number}.`,
    none: 'This delivery has no tracking number.',
    inside: 'In this parcel',
    tracking: 'Tracking number',
    track: 'Track the parcel',
    order: 'See your order',
  },
  de: {
    subject: (number: number) => `Bestellung #${number} ist unterwegs`,
    heading: 'Dein Paket ist unterwegs',
    first: (number: number) => `Wir haben ein Paket deiner Bestellung #${number} übergeben.`,
    none: 'Diese Sendung hat keine Sendungsnummer.',
    inside: 'In diesem Paket',
    tracking: 'Sendungsnummer',
    track: 'Paket verfolgen',
    order: 'Bestellung ansehen',
  },
}

/** To the shopper: a parcel left, with its tracking if there is one. */
export function shipped(shipment: ShipmentFacts, language: Language): Content {
  const words = WORDS[language]
  const inside = shipment.lines.map(({ title, quantity }) => `${quantity} × ${title}`)
  const tracking: Block[] = shipment.tracking.flatMap(({ number, link }): Block[] => [
    ...(number
      ? [{ kind: 'facts' as const, facts: [{ name: words.tracking, value: number }] }]
      : []),
    ...(link ? [{ kind: 'button' as const, text: words.track, url: link }] : []),
  ])
  const orderButton: Block[] = shipment.link
    ? [{ kind: 'button', text: words.order, url: shipment.link }]
    : []
  return {
    language,
    subject: words.subject(shipment.orderNumber),
    preview: words.first(shipment.orderNumber),
    blocks: [
      { kind: 'heading', text: words.heading },
      { kind: 'paragraph', text: words.first(shipment.orderNumber) },
      ...(tracking.length > 0 ? tracking : [{ kind: 'paragraph' as const, text: words.none }]),
      ...(inside.length > 0
        ? [{ kind: 'address' as const, name: words.inside, lines: inside }]
        : []),
      ...addressBlock(shipment.address, language),
      ...orderButton,
    ],
    footer: SHOPPER_FOOTER[language],
  }
}
