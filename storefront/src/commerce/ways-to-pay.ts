import 'server-only'
import { Decimal } from 'decimal.js'
import { z } from 'zod'
import { type Money, money } from './money'
import { type QrCode, qrCode } from './qr-code'

/** A way to pay what is due. */
export interface WayToPay {
  method: 'lightning' | 'on-chain'
  /** What is due in bitcoin, as wallets take it ("0.000347"), and in satoshis as people read it ("34,700"). */
  bitcoin: string
  satoshis: string
  /** What one bitcoin costs. */
  rate: Money
  /** A BOLT11 invoice, or an address. */
  destination: string
  /** Opens a wallet. */
  link: string
  code: QrCode
}

const SATOSHIS = 100_000_000

/** A way to pay as our backend says it; amounts are decimal strings in bitcoin. */
export const wayAnswer = z.object({
  method: z.enum(['lightning', 'on-chain']),
  due: z.string(),
  rate: z.string(),
  destination: z.string(),
  link: z.string().regex(/^(?:lightning|bitcoin):/),
})

/** The same as a page shows it, with its code. */
export function wayToPay(raw: z.infer<typeof wayAnswer>, currency: string): WayToPay {
  const { method, due, rate, destination, link } = raw
  const bitcoin = new Decimal(due)
  return {
    method,
    bitcoin: bitcoin.toFixed(),
    satoshis: new Intl.NumberFormat('en').format(
      bitcoin.times(SATOSHIS).toFixed() as Intl.StringNumericLiteral,
    ),
    rate: money(rate, currency),
    destination,
    link,
    // In capitals a Lightning invoice makes a code with a third fewer squares; wallets take both.
    code: qrCode(method === 'lightning' ? link.toUpperCase() : link),
  }
}
