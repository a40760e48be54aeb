/**
 * Whether mail may be sent to this text: one plain address, without anything that could become a
 * second address or a second header (RFC 5321: at most 254 characters).
 */
export function isAddress(text: string): boolean {
  return text.length <= 254 && /^[^\s@,;:<>"()[\]\\\p{C}]+@[^\s@,;:<>"()[\]\\\p{C}]+$/u.test(text)
}
