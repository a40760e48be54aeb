import { parseArgs } from 'node:util'
import { apply } from '../outside/apply.ts'
import { parseWords, runToEnd } from '../outside/command.ts'
import { plan } from '../outside/plan.ts'
import { Problem } from '../shop/steps.ts'
import { type CheckResult, check } from './check.ts'
import type { Row } from './compare.ts'
import { compareRanges, fetchRanges, PUBLISHER, readRanges } from './ranges.ts'
import { RESOLVERS } from './resolvers.ts'
import { table } from './table.ts'
import { zoneOutside } from './zone.ts'

const USAGE = `npm run dns
  Compares nixos/dns/records.json with what resolvers answer, and with Cloudflare's own records if
  CLOUDFLARE_API_TOKEN is set. Changes nothing. Ends with 1 if anything differs.
npm run dns -- plan
  Shows what must change at Cloudflare to have what the file says. Changes nothing.
npm run dns -- apply [--yes PLAN]
  Shows the plan, asks, makes the changes, and reads them back. --yes names the plan that was read,
  and does that one and no other. Records without the comment rr-bizops are never deleted.
npm run dns -- ranges
  Compares nixos/caddy/cloudflare.json with the ranges that Cloudflare publishes.

  --resolver ADDRESS[:PORT]  instead of ${RESOLVERS.join(', ')}; may be repeated
  --json                     for programs (check and ranges)
  --records FILE             another file of records
  --api URL                  another place of Cloudflare's API
  --publisher URL            another place of Cloudflare's ranges`

await runToEnd(main)

/** Gives whether all is as it should be. */
async function main(): Promise<boolean> {
  const { command, values } = parseWords(USAGE, () =>
    parseArgs({
      allowPositionals: true,
      options: {
        resolver: { type: 'string', multiple: true },
        records: { type: 'string' },
        publisher: { type: 'string' },
        json: { type: 'boolean' },
        api: { type: 'string' },
        yes: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }),
  )
  if (values.help) {
    console.log(USAGE)
    return true
  }
  if (command === 'ranges') return ranges(values.publisher ?? PUBLISHER, values.json ?? false)
  const token = process.env.CLOUDFLARE_API_TOKEN?.trim()
  if (command === 'plan' || command === 'apply') {
    const zone = zoneOutside({ records: values.records, token, api: values.api })
    if (command === 'plan') return plan(zone)
    return apply(zone, { yes: values.yes, input: process.stdin, output: process.stdout })
  }
  if (command !== 'check') throw new Problem(`unknown command ${command}\n\n${USAGE}`)
  const result = await check({
    records: values.records,
    resolvers: [...new Set(values.resolver ?? RESOLVERS)],
    token,
    api: values.api,
  })
  if (values.json) console.log(JSON.stringify(result, null, 2))
  else show(result)
  return result.ok
}

function show({ ok, resolvers, cloudflare }: CheckResult): void {
  const rows = [...resolvers.rows]
  console.log(tableOf(resolvers.servers, resolvers.rows))
  if (cloudflare === null) {
    console.log("\nCloudflare's own records were not compared: CLOUDFLARE_API_TOKEN is not set.")
  } else if ('failure' in cloudflare) {
    console.error(`\n${cloudflare.failure}`)
  } else {
    console.log(`\n${tableOf(['at Cloudflare'], cloudflare.rows)}`)
    console.log(`\nDNSSEC is ${cloudflare.dnssec}.`)
    rows.push(...cloudflare.rows)
  }
  for (const line of new Set(rows.flatMap((row) => row.fillIn ?? []))) console.error(`\n${line}`)
  const wrong = rows.filter((row) => !row.ok).length
  if (ok) console.log(`\nAll ${rows.length} are as nixos/dns/records.json wants them.`)
  else if (wrong) console.error(`\n${wrong} of ${rows.length} are not as they should be.`)
}

function tableOf(sources: readonly string[], rows: readonly Row[]): string {
  return table(
    ['name', 'type', 'wanted', ...sources, 'verdict'],
    rows.map((row) => [[row.name], [row.type], row.wanted, ...row.found, row.verdict]),
  )
}

async function ranges(publisher: string, json: boolean): Promise<boolean> {
  const ours = readRanges()
  const { added, removed } = compareRanges(ours, await fetchRanges(publisher))
  const ok = added.length + removed.length === 0
  if (json) console.log(JSON.stringify({ ok, added, removed }, null, 2))
  else if (ok) {
    console.log(`nixos/caddy/cloudflare.json has all ${ours.v4.length + ours.v6.length} ranges.`)
  } else {
    for (const range of added) console.log(`+ ${range}  published, not in our list`)
    for (const range of removed) console.log(`- ${range}  in our list, no longer published`)
    console.error(
      `nixos/caddy/cloudflare.json is not as ${publisher} has it: change it, and deploy`,
    )
  }
  return ok
}
