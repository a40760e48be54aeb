import { randomBytes } from 'node:crypto'

/** 32 signs, so that each byte gives five random bits without a bias. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const LENGTH = 26
const FORM = new RegExp(`^page_[${ALPHABET}]{${LENGTH}}$`)

/**
 * A new secret of 130 bits: "page_" and 26 signs. The form is that of Medusa's ids, so what keeps ids out of
 * logs, Caddy's included, keeps it out, too.
 */
export function newToken(): string {
  const signs = [...randomBytes(LENGTH)].map((byte) => ALPHABET[byte % ALPHABET.length])
  return `page_${signs.join('')}`
}

/** Whether a text can be a token at all; anything else is not worth asking the database. */
export function isToken(text: string): boolean {
  return FORM.test(text)
}
