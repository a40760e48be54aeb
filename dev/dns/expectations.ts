import type { RecordType, WantedRecord } from './records.ts'
import type { Question } from './resolvers.ts'

/** A question to resolvers with the answer it should have. */
export interface Expectation extends Question {
  expect: /** Addresses of Cloudflare's edge. */
    | { kind: 'edge'; optional: boolean }
    /** These and no others; `otherwise` is the verdict on any where none should be. */
    | { kind: 'exact'; values: readonly string[]; otherwise: 'unwanted' | 'not proxied' }
    /** These authorities, and none but Cloudflare's beside them. */
    | { kind: 'authorities'; values: readonly string[] }
    /** Not known yet. */
    | { kind: 'unknown'; fillIn: string }
}

/** What to ask resolvers, and what they should say. */
export function expectations(wanted: readonly WantedRecord[]): Expectation[] {
  const zoneHasEdge = wanted.some((record) => record.proxied)
  const names = [...new Set(wanted.map((record) => record.name))]
  return names.flatMap((name) => {
    const records = wanted.filter((record) => record.name === name)
    const rest = (['CAA', 'MX', 'TXT'] as const)
      .filter((type) => records.some((record) => record.type === type))
      .map((type) => exact(name, type, records))
    return [
      ...whereTo(name, records),
      ...rest.map((each) => (zoneHasEdge ? withEdgeAuthorities(each) : each)),
    ]
  })
}

/** Questions about the addresses of a name; none if it has none. */
function whereTo(name: string, records: readonly WantedRecord[]): Expectation[] {
  const alias = records.some(({ type }) => type === 'CNAME')
  if (records.some(({ proxied }) => proxied)) {
    // A proxied CNAME is flattened. One that shows is not proxied, even if its target is and the
    // addresses are therefore Cloudflare's.
    const hidden = { kind: 'exact', values: [], otherwise: 'not proxied' } as const
    return [
      { name, type: 'A', expect: { kind: 'edge', optional: false } },
      // Cloudflare has IPv6 whether or not the host has.
      { name, type: 'AAAA', expect: { kind: 'edge', optional: true } },
      ...(alias ? [{ name, type: 'CNAME', expect: hidden } as const] : []),
    ]
  }
  if (alias) return [exact(name, 'CNAME', records)]
  if (!records.some(({ type }) => type === 'A' || type === 'AAAA')) return []
  return [exact(name, 'A', records), exact(name, 'AAAA', records)]
}

function exact(name: string, type: RecordType, records: readonly WantedRecord[]): Expectation {
  const ours = records.filter((record) => record.type === type)
  const unknown = ours.find((record) => record.content === null)
  if (unknown) return { name, type, expect: { kind: 'unknown', fillIn: unknown.fillIn ?? '' } }
  const values = ours.flatMap((record) => record.content ?? []).sort()
  return { name, type, expect: { kind: 'exact', values, otherwise: 'unwanted' } }
}

function withEdgeAuthorities(each: Expectation): Expectation {
  if (each.type !== 'CAA' || each.expect.kind !== 'exact') return each
  return { ...each, expect: { kind: 'authorities', values: each.expect.values } }
}
