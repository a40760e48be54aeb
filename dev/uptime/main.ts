import { parseArgs } from 'node:util'
import { table } from '../dns/table.ts'
import { apply } from '../outside/apply.ts'
import { parseWords, runToEnd } from '../outside/command.ts'
import { plan } from '../outside/plan.ts'
import { Problem } from '../shop/steps.ts'
import { uptimeOutside } from './account.ts'
import { check } from './check.ts'

const USAGE = `npm run uptime
  Compares nixos/uptime/monitors.json with UptimeRobot, and says what its monitors see. Changes
  nothing. Ends with 1 if anything differs or is not up. Needs UPTIMEROBOT_API_KEY.
npm run uptime -- plan
  Shows what must change at UptimeRobot to have what the file says. Changes nothing.
npm run uptime -- apply [--yes PLAN]
  Shows the plan, asks, makes the changes, and reads them back. --yes names the plan that was read,
  and does that one and no other. Monitors without the file's prefix are never touched.

  --json           for programs (check)
  --monitors FILE  another file of monitors
  --api URL        another place of UptimeRobot's API`

await runToEnd(main)

/** Gives whether all is as it should be. */
async function main(): Promise<boolean> {
  const { command, values } = parseWords(USAGE, () =>
    parseArgs({
      allowPositionals: true,
      options: {
        monitors: { type: 'string' },
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
  const key = process.env.UPTIMEROBOT_API_KEY?.trim()
  const options = { monitors: values.monitors, key, api: values.api }
  switch (command) {
    case 'check':
      return show(await check(options), values.json ?? false)
    case 'plan':
      return plan(uptimeOutside(options))
    case 'apply': {
      const consent = { yes: values.yes, input: process.stdin, output: process.stdout }
      return apply(uptimeOutside(options), consent)
    }
    default:
      throw new Problem(`unknown command ${command}\n\n${USAGE}`)
  }
}

function show(result: Awaited<ReturnType<typeof check>>, json: boolean): boolean {
  const { ok, rows } = result
  if (json) {
    console.log(JSON.stringify(result, null, 2))
    return ok
  }
  const cells = rows.map((row) => [[row.name], [row.wanted], [row.status], row.verdict])
  console.log(table(['monitor', 'address', 'status', 'verdict'], cells))
  const wrong = rows.filter((row) => !row.ok).length
  if (ok) console.log(`\nAll ${rows.length} are as nixos/uptime/monitors.json wants them, and up.`)
  else console.error(`\n${wrong} of ${rows.length} are not as they should be.`)
  return ok
}
