import { createHash } from 'node:crypto'
import { toBitcoin } from './amount.ts'
import { due, type Invoice, type PaymentMethod, paid } from './invoice.ts'

const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
/** As long as those that wallets see: codes of them are as dense. */
const ADDRESS_SIGNS = 38
const BOLT11_SIGNS = 270

/** The same signs for the same text; no wallet takes them. */
function signs(text: string, count: number): string {
  let made = ''
  for (let part = 0; made.length < count; part++) {
    const bytes = createHash('sha256').update(`${part} ${text}`).digest()
    made += [...bytes].map((byte) => BECH32[byte % 32]).join('')
  }
  return made.slice(0, count)
}

/**
 * Where an invoice is paid to, and the link for a wallet, as BTCPay has them: an address stays, a Lightning
 * invoice is for what is due now.
 */
export function destinationOf(
  invoice: Invoice,
  method: PaymentMethod,
): { destination: string; paymentLink: string } {
  if (method === 'BTC-CHAIN') {
    const destination = `bcrt1q${signs(invoice.id, ADDRESS_SIGNS)}`
    return { destination, paymentLink: `bitcoin:${destination}?amount=${toBitcoin(due(invoice))}` }
  }
  const destination = `lnbcrt1p${signs(`${invoice.id} ${paid(invoice)}`, BOLT11_SIGNS)}`
  return { destination, paymentLink: `lightning:${destination}` }
}
