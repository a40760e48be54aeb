import { createHash } from 'node:crypto'

/** Hex digits that tell one id from another; nobody finds the id by them. */
const SHORT_LENGTH = 12
/** Longest text of a line; journald cuts lines at 48 kB. */
const TEXT_MAX = 8_000

/**
 * Names an id without giving it away: Medusa's store API opens a cart, an order or a payment to
 * whoever knows its id. By hand: `printf %s ID | sha256sum | cut -c1-12`.
 */
export function short(id: string): string {
  return createHash('sha256').update(id).digest('hex').slice(0, SHORT_LENGTH)
}

/**
 * BTCPay's ids of invoices and deliveries: 16 random bytes in base58, 22 signs and rarely fewer. Random signs
 * mix cases and have a digit or many capitals; names in code do not, and stay readable in a stack trace.
 */
const BTCPAY_ID =
  /(?<!\w)(?=\w*[a-z])(?=\w*[A-Z])(?=\w*\d|(?:[a-z]*[A-Z]){6})[1-9A-HJ-NP-Za-km-z]{20,22}(?!\w)/g

/** Fields of people, whichever way their name is written: first_name, firstName, "first-name". */
const PERSONAL =
  'e[-_]?mail|first[-_]?name|last[-_]?name|full[-_]?name|company|address(?:[-_]?[12])?|street|city|postal[-_]?code|zip|province|phone'
const SECRET =
  '(?:set-)?cookie|authorization|x-[\\w-]+-(?:key|token|signature)|password|passwd|passphrase|secret|token|api[-_]?key|connect\\.sid|session'
const FIELDS = `(?:[\\w.-]*[-_.])?(?:${PERSONAL}|${SECRET})`

/** What must not be in a log, and what stands there instead. */
const RULES: [RegExp, string | ((...found: string[]) => string)][] = [
  // Headers: their value goes on to the end of the line.
  [/\b((?:set-)?cookie|authorization)(["']?\s*[:=]\s*)[^\n]+/gi, '$1$2[removed]'],
  // JSON, JavaScript and forms: "city": "…", city: '…', city=…
  [
    new RegExp(
      `(["'\\\\]*\\b${FIELDS}["'\\\\]*\\s*:\\s*)(\\\\*"(?:[^"\\\\]|\\\\.)*"?|'[^']*'?)`,
      'gi',
    ),
    '$1"[removed]"',
  ],
  [new RegExp(`(\\b${FIELDS})=[^&\\s;,)]*`, 'gi'), '$1=[removed]'],
  // Database errors carry the row.
  [/Failing row contains \([^\n]*\)/g, 'Failing row contains ([values])'],
  [/Key \(([^)\n]*)\)=\([^)\n]*\)/g, 'Key ($1)=([value])'],
  // Names and passwords in addresses.
  [/\/\/[^/\s@"']+@/g, '//[secret]@'],
  [/\?[\w.%[\]-]+=[^\s"'<>)]*/g, '?[query]'],
  [/[\p{L}\p{N}._%+-]{1,64}(?:@|%40)[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63})+/gu, '[email]'],
  [/\b(cart|payses|pay_col|order|page)_([0-9A-Za-z]{26})\b/g, (id, kind) => `${kind}:${short(id)}`],
  [BTCPAY_ID, (id) => `btcpay:${short(id)}`],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, '[token]'],
  [/\b(bearer|basic|token) +[\w.~+/=-]{16,}/gi, '$1 [secret]'],
  [/\bsk_[0-9a-f]{16,}\b/g, '[secret]'],
  // Addresses of clients; those of this host and its networks help and are nobody's.
  [
    /\b(?!127\.|10\.|0\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)\d{1,3}(?:\.\d{1,3}){3}\b/g,
    '[address]',
  ],
  [
    /\b(?:[0-9a-f]{1,4}:){2,7}(?::[0-9a-f]{1,4}){1,6}\b|\b(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}\b/gi,
    '[address]',
  ],
]

const STATEMENT = /\b(?:insert into|delete from|update "|select ["*])/i
const LITERAL = /'(?:[^'\n]|'')*'/g

/** A text without personal data, secrets and ids that open something. */
export function redacted(text: string): string {
  let clean = text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX)}…` : text
  // The values of a statement are what somebody typed.
  if (STATEMENT.test(clean)) clean = clean.replace(LITERAL, "'…'")
  for (const [pattern, instead] of RULES) {
    clean =
      typeof instead === 'string'
        ? clean.replace(pattern, instead)
        : clean.replace(pattern, instead)
  }
  return clean
}
