import { createHash } from 'node:crypto'

/** Same for errors that are the same: numbers, ids and quoted texts in a message do not make it another. */
export function kindOf(error: Error): string {
  const place = /\n\s+at ([^\n]*)/.exec(error.stack ?? '')?.[1] ?? ''
  return kindOfText(`${error.name} ${error.message} ${place}`)
}

/**
 * Same for texts that differ in numbers, ids and quotations only: what is quoted often is what a visitor
 * sent, and whoever could choose the kind could make as many as there is budget.
 */
export function kindOfText(text: string): string {
  const plain = text
    .slice(0, 500)
    .replace(/"[^"]*"|'[^'\n]*'|`[^`]*`/g, '#')
    .replace(/[\w-]*\d[\w-]*/g, '#')
  return createHash('sha256').update(plain).digest('hex').slice(0, 16)
}
