import { type AccountOptions, account } from './account.ts'
import { readMonitors } from './monitors.ts'
import { compare, type Pair, recipients } from './plan.ts'

/** One line of the table; every cell is a list of lines. */
export interface Row {
  name: string
  wanted: string
  status: string
  verdict: string[]
  ok: boolean
}

export interface CheckResult {
  ok: boolean
  rows: Row[]
}

/** Compares the file of monitors with UptimeRobot, and says what they see; changes nothing. */
export async function check(options: AccountOptions): Promise<CheckResult> {
  const data = readMonitors(options.monitors)
  const client = account(options)
  const held = await client.monitors()
  const told = recipients(data, await client.emailContacts())
  const { pairs, extra } = compare(data, held, told)
  const rows = [
    ...pairs.map((pair) => rowOf(pair, told.length)),
    ...extra.map(
      ({ friendlyName, status }): Row => ({
        name: friendlyName,
        wanted: 'not in the file',
        status,
        verdict: ['unknown'],
        ok: false,
      }),
    ),
  ]
  return { ok: rows.every((row) => row.ok), rows }
}

function rowOf({ name, wanted, held, differences }: Pair, told: number): Row {
  const status = held?.status ?? 'none'
  // STARTED is a monitor before its first check.
  const up = status === 'UP' || status === 'STARTED'
  const verdict = [
    ...(held ? differences : ['missing']),
    ...(held && !up ? [status === 'PAUSED' ? 'paused: nobody watches' : 'not up'] : []),
    ...(told === 0 ? ['tells nobody'] : []),
  ]
  return {
    name,
    wanted: wanted.url,
    status,
    verdict: verdict.length ? verdict : ['ok'],
    ok: verdict.length === 0,
  }
}
