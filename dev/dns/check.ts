import { Problem } from '../shop/steps.ts'
import { inRanges } from './addresses.ts'
import { Cloudflare } from './cloudflare.ts'
import { compareAnswers, compareSetting, compareZone, type Row } from './compare.ts'
import { expectations } from './expectations.ts'
import { readRanges } from './ranges.ts'
import { type Records, readRecords, refuseEdgeAddresses, wantedRecords } from './records.ts'
import { resolverAt } from './resolvers.ts'

export interface CheckOptions {
  /** Path of the file of records. */
  records?: string
  /** Addresses of the resolvers to ask. */
  resolvers: string[]
  /** Asks Cloudflare's API, too. */
  token?: string
  api?: string
}

export interface CheckResult {
  ok: boolean
  resolvers: { servers: string[]; rows: Row[] }
  /** Null without a token; a failure of the API does not hide what resolvers say. */
  cloudflare: { rows: Row[]; dnssec: string } | { failure: string } | null
}

/**
 * Compares the file of records with the world; changes nothing.
 * @throws Problem when the file or an option is wrong
 */
export async function check(options: CheckOptions): Promise<CheckResult> {
  const data = readRecords(options.records)
  const ranges = readRanges()
  const isEdge = inRanges([...ranges.v4, ...ranges.v6])
  refuseEdgeAddresses(data, isEdge)
  const [rows, cloudflare] = await Promise.all([
    askResolvers(data, options, isEdge),
    options.token ? askCloudflare(data, options.token, options) : null,
  ])
  const seen = cloudflare && 'rows' in cloudflare ? cloudflare.rows : []
  const failed = cloudflare !== null && 'failure' in cloudflare
  return {
    ok: !failed && [...rows, ...seen].every((row) => row.ok),
    resolvers: { servers: options.resolvers, rows },
    cloudflare,
  }
}

function askResolvers(
  data: Records,
  { resolvers, records }: CheckOptions,
  isEdge: (address: string) => boolean,
): Promise<Row[]> {
  const asked = resolvers.map((resolver) => ({ resolver, ask: resolverAt(resolver) }))
  const questions = expectations(wantedRecords(data, records))
  return Promise.all(
    questions.map(async (question) => {
      const answers = asked.map(async ({ resolver, ask }) => ({
        resolver,
        answer: await ask(question),
      }))
      return compareAnswers(question, await Promise.all(answers), isEdge)
    }),
  )
}

async function askCloudflare(
  data: Records,
  token: string,
  { api, records }: CheckOptions,
): Promise<CheckResult['cloudflare']> {
  const client = new Cloudflare(token, { base: api })
  try {
    const zone = await client.zone(data.zone)
    const rows = compareZone(wantedRecords(data, records), await client.records(zone.id))
    rows.push(compareSetting(data.zone, 'status', 'active', zone.status))
    for (const [id, wanted] of Object.entries(data.settings)) {
      rows.push(compareSetting(data.zone, id, wanted, await client.setting(zone.id, id)))
    }
    return { rows, dnssec: await client.dnssec(zone.id) }
  } catch (error) {
    if (error instanceof Problem) return { failure: error.message }
    throw error
  }
}
