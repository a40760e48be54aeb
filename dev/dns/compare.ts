import type { ZoneRecord } from './cloudflare.ts'
import type { Expectation } from './expectations.ts'
import type { WantedRecord } from './records.ts'
import type { Answer } from './resolvers.ts'

/**
 * Authorities that Cloudflare allows by itself in a zone with its own certificates; what it tells
 * resolvers replaces our CAA records, and has Let's Encrypt in it.
 * https://developers.cloudflare.com/ssl/edge-certificates/caa-records/#caa-records-added-by-cloudflare
 * comodoca.com is Sectigo's older name, and digicert.com is still served.
 */
const EDGE_AUTHORITIES = [
  'letsencrypt.org',
  'pki.goog',
  'ssl.com',
  'sectigo.com',
  'comodoca.com',
  'digicert.com',
]

/** One line of the table; every cell is a list of lines. */
export interface Row {
  name: string
  type: string
  wanted: string[]
  /** One cell for each source. */
  found: string[][]
  verdict: string[]
  ok: boolean
  /** What to do before this can be compared. */
  fillIn?: string | undefined
}

/** Compares what resolvers say with what they should. */
export function compareAnswers(
  expectation: Expectation,
  answers: readonly { resolver: string; answer: Answer }[],
  isEdge: (address: string) => boolean,
): Row {
  const { name, type } = expectation
  const judged = answers.map(({ resolver, answer }) => ({
    resolver,
    answered: answer.kind !== 'failed',
    verdict: judge(expectation, answer, isEdge),
  }))
  return {
    name,
    type,
    wanted: describeExpectation(expectation),
    found: answers.map(({ answer }) =>
      answer.kind === 'values' ? answer.values : [answer.reason],
    ),
    verdict: together(judged),
    fillIn: expectation.expect.kind === 'unknown' ? expectation.expect.fillIn : undefined,
    ok: judged.length > 0 && judged.every(({ verdict }) => verdict === 'ok'),
  }
}

function judge(
  { expect }: Expectation,
  answer: Answer,
  isEdge: (address: string) => boolean,
): string {
  if (expect.kind === 'unknown') return 'fill in'
  if (answer.kind === 'failed') return 'no answer'
  const found = answer.kind === 'values' ? answer.values : []
  switch (expect.kind) {
    case 'edge':
      if (!found.length) return expect.optional ? 'ok' : 'missing'
      return found.every(isEdge) ? 'ok' : 'not proxied'
    case 'exact':
      if (same(found, expect.values)) return 'ok'
      if (!found.length) return 'missing'
      return expect.values.length ? 'wrong' : expect.otherwise
    case 'authorities': {
      const strange = found.filter((value) => !expect.values.includes(value) && !isOfEdge(value))
      if (strange.length) return 'unwanted authority'
      return expect.values.every((value) => found.includes(value)) ? 'ok' : 'missing'
    }
  }
}

/** Whether a CAA record like `0 issue "pki.goog; cansignhttpexchanges=yes"` is one of Cloudflare's. */
function isOfEdge(value: string): boolean {
  const domain = /^0 issue(?:wild)? "([^;"\s]+)\s*(?:;[^"]*)?"$/.exec(value)?.[1]
  return domain !== undefined && EDGE_AUTHORITIES.includes(domain)
}

function together(
  judged: readonly { resolver: string; answered: boolean; verdict: string }[],
): string[] {
  const verdicts = new Set(judged.map(({ verdict }) => verdict))
  if (verdicts.size === 1) return [...verdicts]
  const answered = new Set(judged.filter((each) => each.answered).map(({ verdict }) => verdict))
  const failures = judged.filter(({ verdict }) => verdict !== 'ok')
  return [
    ...(answered.size > 1 ? ['resolvers disagree'] : []),
    ...failures.map(({ resolver, verdict }) => `${resolver}: ${verdict}`),
  ]
}

function describeExpectation({ expect }: Expectation): string[] {
  switch (expect.kind) {
    case 'edge':
      return [expect.optional ? "Cloudflare's or none" : "Cloudflare's"]
    case 'exact':
      if (expect.values.length) return [...expect.values]
      return [expect.otherwise === 'not proxied' ? 'none (proxied)' : 'none']
    case 'authorities':
      return [...expect.values, "and Cloudflare's own"]
    case 'unknown':
      return ['?']
  }
}

/** Compares the records at Cloudflare with the wanted ones; what nobody wants comes last. */
export function compareZone(wanted: readonly WantedRecord[], zone: readonly ZoneRecord[]): Row[] {
  const left = [...zone]
  const take = (matches: (record: ZoneRecord) => boolean): ZoneRecord | undefined => {
    const index = left.findIndex(matches)
    return index < 0 ? undefined : left.splice(index, 1)[0]
  }
  const sameName = (a: WantedRecord, b: ZoneRecord) => a.name === b.name && a.type === b.type
  // Equal ones first, so that a wrong one is not taken for its right neighbour.
  const equal = new Map(
    wanted.map((each) => [each, take((b) => sameName(each, b) && each.content === b.content)]),
  )
  const rows = wanted.map((each): Row => {
    const found = equal.get(each) ?? take((record) => sameName(each, record))
    const verdict = judgeRecord(each, found)
    return {
      name: each.name,
      type: each.type,
      wanted: [each.content === null ? '?' : describe(each.content, each.proxied, each.type)],
      found: [[found ? describe(found.content, found.proxied, found.type) : 'no such record']],
      verdict: [verdict],
      ok: verdict === 'ok',
      fillIn: each.fillIn,
    }
  })
  const unknown = left.map((record): Row => {
    const found = [[describe(record.content, record.proxied, record.type)]]
    const { name, type } = record
    return { name, type, wanted: ['not in the file'], found, verdict: ['unknown'], ok: false }
  })
  return [...rows, ...unknown]
}

function judgeRecord(wanted: WantedRecord, found: ZoneRecord | undefined): string {
  if (wanted.content === null) return 'fill in'
  if (!found) return 'missing'
  if (wanted.content !== found.content) return 'wrong'
  if (wanted.proxied === found.proxied) return 'ok'
  return wanted.proxied ? 'not proxied' : 'must not be proxied'
}

/** Compares one setting of the zone. */
export function compareSetting(name: string, id: string, wanted: string, found: string): Row {
  const ok = wanted === found
  return {
    name,
    type: id,
    wanted: [wanted],
    found: [[found]],
    verdict: [ok ? 'ok' : 'wrong'],
    ok,
  }
}

function describe(content: string, proxied: boolean, type: string): string {
  if (!['A', 'AAAA', 'CNAME'].includes(type)) return content
  return `${content}, ${proxied ? 'proxied' : 'DNS only'}`
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return (
    a.length === b.length && [...a].sort().every((each, index) => each === [...b].sort()[index])
  )
}
