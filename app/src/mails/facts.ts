import type { Reason, ReviewReason } from '../modules/ledger/outcome'
import type { Money } from './format'

/** One line of an order; amounts are decimal strings in major units. */
export interface OrderLine {
  title: string
  variant: string
  quantity: number
  amount: string
}

/** What mails say of an order. */
export interface OrderFacts {
  number: number
  currency: string
  lines: OrderLine[]
  shippingName: string
  shippingAmount: string
  /** Taken off; "0" when nothing is. */
  discountAmount: string
  /** Contained in the total. */
  taxAmount: string
  total: string
  /** The address, line by line, at its end the country's code (ISO 3166-1); empty when there is none. */
  address: string[]
  /** The order's page in the shop, if it is known. */
  link?: string
}

/** What mails say of a payment; amounts are decimal strings in major units. */
export interface PaymentFacts {
  currency: string
  amount: string
  paid: string
  due: string
  /** What came above the amount; "0" when nothing did. */
  surplus: string
  /** As long as there is none, nothing is sold. */
  orderNumber?: number
  /** Where the rest can be paid. */
  checkoutLink: string
  /** ISO time. */
  payUntil: string
  /** The payment's page in the shop. */
  link: string
}

/** Money that came and no order stands for; amounts are decimal strings in major units. */
export interface ReviewFacts {
  reason: ReviewReason
  currency: string
  amount: string
  paid: string
  /** Names the payment to owner and shopper. */
  reference: string
  /** The payment's page in the shop. */
  link: string
}

/** Money that needs its owner's decision: without an order, or of an order and not as it should be. */
export interface OwnerReviewFacts extends Omit<ReviewFacts, 'reason' | 'link'> {
  reason: Reason
  /** Of the order that it belongs to, if there is one. */
  orderNumber?: number
  email: string
  /** The invoice at BTCPay. */
  invoiceLink: string
}

/** A refund that waits for its owner to say where it shall go. */
export interface RefundFacts {
  orderNumber?: number
  refund: Money
  claimLink: string
}

/** A parcel that left. */
export interface ShipmentFacts {
  orderNumber: number
  lines: { title: string; quantity: number }[]
  tracking: { number: string; link?: string }[]
  address: string[]
  link?: string
}

/** An order whose page has a new address. */
export interface OrderLinkFacts {
  orderNumber: number
  link: string
}

/** A link that opens a door, with its end. */
export interface DoorFacts {
  link: string
}

/** An order as its owner sees it. */
export interface OwnerFacts {
  order: OrderFacts
  email: string
  link: string
}
