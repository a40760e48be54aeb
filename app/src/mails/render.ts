import type { Block, Content, Language, RenderedMail } from './content'
import type {
  DoorFacts,
  OrderFacts,
  OrderLinkFacts,
  OwnerFacts,
  OwnerReviewFacts,
  PaymentFacts,
  RefundFacts,
  ReviewFacts,
  ShipmentFacts,
} from './facts'
import { oneLine } from './format'
import { htmlOf } from './layout/html'
import { textOf } from './layout/text'
import { doorMail } from './texts/doors'
import { orderLink } from './texts/order-link'
import { orderPlaced } from './texts/order-placed'
import { ownerOrder } from './texts/owner-order'
import { paymentMail } from './texts/payment'
import { refundReady } from './texts/refund-ready'
import { ownerReview, paymentReview } from './texts/review'
import { shipped } from './texts/shipped'

/** Every mail of the shop and the facts that it is made of. */
export interface Mails {
  'order-placed': OrderFacts
  'payment-seen': PaymentFacts
  'payment-paid': PaymentFacts
  'payment-underpaid': PaymentFacts
  'payment-overpaid': PaymentFacts
  'payment-review': ReviewFacts
  'refund-ready': RefundFacts
  shipped: ShipmentFacts
  'order-link': OrderLinkFacts
  'password-reset': DoorFacts
  invitation: DoorFacts
  'owner-order': OwnerFacts
  'owner-review': OwnerReviewFacts
}

/** Name of a mail. */
export type MailKind = keyof Mails

const texts: { [kind in MailKind]: (facts: Mails[kind], language: Language) => Content } = {
  'order-placed': orderPlaced,
  'payment-seen': paymentMail('seen'),
  'payment-paid': paymentMail('paid'),
  'payment-underpaid': paymentMail('underpaid'),
  'payment-overpaid': paymentMail('overpaid'),
  'payment-review': paymentReview,
  'refund-ready': refundReady,
  shipped,
  'order-link': orderLink,
  'password-reset': doorMail('passwordReset'),
  invitation: doorMail('invitation'),
  'owner-order': ownerOrder,
  'owner-review': ownerReview,
}

/** Names of all mails. */
export const MAIL_KINDS = Object.keys(texts) as MailKind[]

/** A longer word in a subject line helps nobody, and some servers refuse the header. */
const LONGEST_SUBJECT = 150

/** Every text on one line and without signs that hide or reorder; names come from strangers. */
function clean<T>(value: T): T {
  if (typeof value === 'string') return oneLine(value) as T
  if (Array.isArray(value)) return value.map(clean) as T
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, clean(each)])) as T
}

/** A mail of facts; the same facts give the same mail. */
export function renderMail<Kind extends MailKind>(
  kind: Kind,
  facts: Mails[Kind],
  language: Language,
): RenderedMail {
  const content: Content = clean(texts[kind](facts, language))
  const subject = [...content.subject].slice(0, LONGEST_SUBJECT).join('')
  const blocks = content.blocks.filter(isThere)
  const whole = { ...content, subject, blocks }
  return { subject, html: htmlOf(whole), text: textOf(whole) }
}

/** Lines of an address that held nothing but signs we take out leave no empty part behind. */
function isThere(block: Block): boolean {
  return block.kind !== 'address' || block.lines.some((line) => line !== '')
}
