import type { Planned, Proposal } from '../outside/proposal.ts'
import type { HeldRecord } from './cloudflare.ts'
import { type KnownRecord, OURS } from './record-body.ts'
import type { WantedRecord } from './records.ts'

/** One call of Cloudflare's API that changes the zone. */
export type Change =
  | { do: 'create'; record: KnownRecord }
  | { do: 'update'; from: HeldRecord; record: KnownRecord }
  | { do: 'delete'; from: HeldRecord }
  | { do: 'set'; setting: string; from: string; to: string }

/** What a zone says of itself. */
export interface ZoneState {
  records: readonly HeldRecord[]
  settings: Readonly<Record<string, string>>
}

/** What to change so that the zone has what is wanted; of what is not ours, nothing is deleted. */
export function planZone(
  wanted: readonly WantedRecord[],
  settings: Readonly<Record<string, string>>,
  zone: ZoneState,
): Proposal<Change> {
  const known = wanted.filter(isKnown)
  // Of a name whose address is not known yet, nothing is changed: what it has may be all that works.
  const waiting = new Set(wanted.filter((each) => !isKnown(each)).map(({ name }) => name))
  const settled = known.filter(({ name, type }) => !(isAddress(type) && waiting.has(name)))
  const { kept, missing, left } = match(settled, zone.records)
  const owned = left.filter(isOurs)
  const updates = kept.flatMap(({ from, record }): Change[] =>
    isOurs(from) && same(from, record) ? [] : [{ do: 'update', from, record }],
  )
  const creates = missing.map((record): Change => ({ do: 'create', record }))
  const unwanted = owned.filter(({ name, type }) => !(isAddress(type) && waiting.has(name)))
  // A name has either an alias or addresses: the one must go before the other can come.
  const blocking = unwanted.filter((from) => missing.some((record) => excludes(from, record)))
  const rest = unwanted.filter((from) => !blocking.includes(from))
  const changes: Change[] = [
    ...blocking.map((from): Change => ({ do: 'delete', from })),
    ...creates,
    ...updates,
    ...rest.map((from): Change => ({ do: 'delete', from })),
    ...Object.entries(settings).flatMap(([setting, to]): Change[] => {
      const from = zone.settings[setting] ?? 'unknown'
      return from === to ? [] : [{ do: 'set', setting, from, to }]
    }),
  ]
  const others = left.filter((each) => !isOurs(each))
  const inTheWay = others.filter((each) => settled.some((record) => competes(each, record)))
  return {
    changes: changes.map((change): Planned<Change> => ({ line: lineOf(change), change })),
    notes: [
      ...new Set(wanted.flatMap(({ fillIn }) => fillIn ?? [])),
      ...others
        .filter((each) => !inTheWay.includes(each))
        .map((each) => `left alone: ${describe(each)}`),
    ],
    obstacles: inTheWay.map(
      (each) =>
        `${describe(each)} is not ours and answers for a name of ours: delete it at Cloudflare, or give it the comment ${OURS}`,
    ),
  }
}

/** Pairs wanted records with those at Cloudflare: equal ones first, then ours of the same name and type. */
function match(wanted: readonly KnownRecord[], held: readonly HeldRecord[]) {
  const left = [...held].sort((a, b) => Number(isOurs(b)) - Number(isOurs(a)))
  const take = (matches: (record: HeldRecord) => boolean): HeldRecord | undefined => {
    const index = left.findIndex(matches)
    return index < 0 ? undefined : left.splice(index, 1)[0]
  }
  const sameName = (a: KnownRecord, b: HeldRecord) => a.name === b.name && a.type === b.type
  const equal = new Map(
    wanted.map((record) => [
      record,
      take((each) => sameName(record, each) && record.content === each.content),
    ]),
  )
  const kept: { from: HeldRecord; record: KnownRecord }[] = []
  const missing: KnownRecord[] = []
  for (const record of wanted) {
    const from = equal.get(record) ?? take((each) => isOurs(each) && sameName(record, each))
    if (from) kept.push({ from, record })
    else missing.push(record)
  }
  return { kept, missing, left }
}

function lineOf(change: Change): string {
  switch (change.do) {
    case 'create':
      return `+ ${describe(change.record)}`
    case 'update': {
      const { from, record } = change
      const what = same(from, record) ? '' : ` (was ${contentOf(from)})`
      return `~ ${describe(record)}${what}${isOurs(from) ? '' : ', from now on ours'}`
    }
    case 'delete':
      return `- ${describe(change.from)}`
    case 'set':
      return `~ setting ${change.setting} ${change.to} (was ${change.from})`
  }
}

interface Described {
  name: string
  type: string
  content: string
  proxied: boolean
}

function describe(record: Described): string {
  return `${record.name} ${record.type} ${contentOf(record)}`
}

function contentOf({ type, content, proxied }: Described): string {
  return isAddress(type) ? `${content}, ${proxied ? 'proxied' : 'DNS only'}` : content
}

function same(held: HeldRecord, record: KnownRecord): boolean {
  return held.content === record.content && held.proxied === record.proxied
}

function isOurs({ comment }: HeldRecord): boolean {
  return comment.trim() === OURS
}

function isAddress(type: string): boolean {
  return ['A', 'AAAA', 'CNAME'].includes(type)
}

function isKnown(record: WantedRecord): record is KnownRecord {
  return record.content !== null
}

/** Whether visitors of our name could be led by another's record. */
function competes(held: HeldRecord, record: KnownRecord): boolean {
  return held.name === record.name && isAddress(held.type) && isAddress(record.type)
}

/** Cloudflare refuses an alias beside addresses (81053). */
function excludes(held: HeldRecord, record: KnownRecord): boolean {
  return competes(held, record) && (held.type === 'CNAME' || record.type === 'CNAME')
}
