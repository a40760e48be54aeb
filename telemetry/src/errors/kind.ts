import { createHash } from 'node:crypto'

/** Same for errors that are the same: numbers and ids in a message do not make it another. */
export function kindOf(error: Error): string {
  const place = /\n\s+at ([^\n]*)/.exec(error.stack ?? '')?.[1] ?? ''
  return kindOfText(`${error.name} ${error.message} ${place}`)
}

/** Same for texts that differ in numbers and ids only. */
export function kindOfText(text: string): string {
  const plain = text.slice(0, 500).replace(/[\w-]*\d[\w-]*/g, '#')
  return createHash('sha256').update(plain).digest('hex').slice(0, 16)
}
