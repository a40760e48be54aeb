import type { Block, Content } from '../content'
import { safeLink } from './escape'

const WIDTH = 72

/** Breaks a paragraph into lines at spaces; a long word, such as an address, stays whole. */
function wrap(text: string): string {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= WIDTH)
      lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines.join('\n')
}

/** A name at the left and an amount at the right, on one line where both fit. */
function row(left: string, right: string): string {
  const space = WIDTH - left.length - right.length
  return space > 0
    ? `${left}${' '.repeat(space)}${right}`
    : `${wrap(left)}\n${right.padStart(WIDTH)}`
}

function part(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `${wrap(block.text)}\n${'='.repeat(Math.min(block.text.length, WIDTH))}`
    case 'paragraph':
      return wrap(block.text)
    case 'facts':
      return block.facts.map(({ name, value }) => `${name}: ${value}`).join('\n')
    case 'items':
      return [
        ...block.lines.map(({ title, detail, quantity, amount }) =>
          row(`${quantity} x ${title}${detail ? ` (${detail})` : ''}`, amount),
        ),
        ...(block.more ? [block.more] : []),
        '-'.repeat(WIDTH),
        ...block.sums.map(({ name, amount }) => row(name, amount)),
      ].join('\n')
    case 'address':
      return [`${block.name}:`, ...block.lines].join('\n')
    case 'button':
      return `${block.text}:\n${safeLink(block.url)}`
  }
}

/** A mail as plain text. */
export function textOf(content: Content): string {
  const parts = content.blocks.map(part)
  return `${[...parts, `-- \n${wrap(content.footer)}`].join('\n\n')}\n`
}
