import { randomBytes } from 'node:crypto'

/** Longest readable part of a key: keys are names of files, too, which end at 255 bytes. */
const NAME_CHARACTERS = 100

/** `private-`, a time in milliseconds, 128 random bits, a readable name; nothing that a path could use. */
const KEY = /^private-\d{13}-[0-9a-f]{32}-([A-Za-z0-9][A-Za-z0-9._-]{0,99})$/

/** A name of letters, digits, `.`, `_` and `-`; what it began and ended with stays readable. */
export function safeName(filename: string): string {
  const plain = filename
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
  if (plain.length <= NAME_CHARACTERS) return plain || 'file'
  const half = NAME_CHARACTERS / 2
  return plain.slice(0, half) + plain.slice(-half)
}

/** A key that nobody can guess for a new private file, whatever its name is. */
export function privateKey(filename: string, nowMs = Date.now()): string {
  return `private-${nowMs}-${randomBytes(16).toString('hex')}-${safeName(filename)}`
}

/** Whether this is a key of ours; nothing else is looked up in a folder or bucket. */
export function isPrivateKey(key: string): boolean {
  return KEY.test(key)
}

/** What the browser calls the file that it saves. */
export function downloadName(key: string): string {
  return KEY.exec(key)?.[1] ?? 'file'
}
