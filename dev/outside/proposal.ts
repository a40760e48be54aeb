import { createHash } from 'node:crypto'

/** One thing to change, with the line that a person reads; the line holds the whole change. */
export interface Planned<C> {
  /** Begins with `+` made, `~` changed or `-` deleted. */
  line: string
  change: C
}

/** What would be changed outside, as read at one moment. */
export interface Proposal<C> {
  changes: readonly Planned<C>[]
  /** What is there and stays, and what cannot be said yet; for a person to read. */
  notes: readonly string[]
  /** Why nothing may be changed; each says what to do. */
  obstacles: readonly string[]
}

/** A place outside this repository that a file here describes. */
export interface Outside<C> {
  /** As in "Cloudflare". */
  name: string
  /** As in "npm run dns". */
  command: string
  /** Reads what is there; changes nothing. */
  propose(): Promise<Proposal<C>>
  /** Makes one change. */
  make(change: C): Promise<void>
}

/** Names a plan by all that it would do, and to what: another plan has another name. */
export function nameOf({ changes }: Proposal<unknown>): string {
  const text = JSON.stringify(changes.map(({ line, change }) => [line, change]))
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}
