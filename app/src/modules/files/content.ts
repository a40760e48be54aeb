/**
 * The bytes of a file that Medusa hands over as a string: base64, or text, or one character for each
 * byte. Nothing says which, so it is guessed as Medusa's own providers do.
 */
export function contentBytes(content: string, mimeType: string): Buffer {
  const decoded = Buffer.from(content, 'base64')
  if (decoded.toString('base64') === content) return decoded
  return Buffer.from(content, /^text\/|csv|json|xml/.test(mimeType) ? 'utf8' : 'latin1')
}
