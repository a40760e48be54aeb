import type { Planned, Proposal } from '../outside/proposal.ts'
import type { Monitors, WantedMonitor } from './monitors.ts'
import type { Contact, HeldMonitor, MonitorBody } from './uptimerobot.ts'

/** One call of UptimeRobot's API that changes something. */
export type Change =
  | { do: 'create'; body: MonitorBody }
  | { do: 'update'; id: string; body: MonitorBody }
  | { do: 'start'; id: string }
  | { do: 'delete'; id: string }

/** A wanted monitor beside the one of its name. */
export interface Pair {
  name: string
  wanted: WantedMonitor
  held: HeldMonitor | undefined
  /** Each as `interval 600, wanted 300`. */
  differences: string[]
}

/** Pairs the file's monitors with ours at UptimeRobot; `extra` are ours that the file has not. */
export function compare(
  { prefix, monitors }: Monitors,
  held: readonly HeldMonitor[],
  contacts: readonly Contact[],
): { pairs: Pair[]; extra: HeldMonitor[]; others: HeldMonitor[] } {
  const left = held.filter(({ friendlyName }) => friendlyName.startsWith(prefix))
  const pairs = monitors.map((wanted): Pair => {
    const name = `${prefix}${wanted.name}`
    const index = left.findIndex(({ friendlyName }) => friendlyName === name)
    const found = index < 0 ? undefined : left.splice(index, 1)[0]
    return { name, wanted, held: found, differences: found ? differ(wanted, found, contacts) : [] }
  })
  const others = held.filter(({ friendlyName }) => !friendlyName.startsWith(prefix))
  return { pairs, extra: left, others }
}

/** What to change so that UptimeRobot has what the file says; only ours is touched. */
export function planMonitors(
  data: Monitors,
  held: readonly HeldMonitor[],
  contacts: readonly Contact[],
): Proposal<Change> {
  const told = recipients(data, contacts)
  const { pairs, extra, others } = compare(data, held, told)
  return {
    changes: [
      ...pairs.flatMap((pair) => changesOf(pair, told)),
      ...extra.map(
        ({ id, friendlyName, url }): Planned<Change> => ({
          line: `- ${friendlyName} (${url ?? 'no address'}), monitor ${id}`,
          change: { do: 'delete', id },
        }),
      ),
    ],
    notes: others.map(({ friendlyName }) => `left alone: ${friendlyName}`),
    obstacles: told.length
      ? []
      : [
          data.alert.email === null
            ? 'the account has no active e-mail contact: confirm one at UptimeRobot, or nobody is told'
            : `${data.alert.email} is no active e-mail contact of the account: confirm it at UptimeRobot, or nobody is told`,
        ],
  }
}

/** Those of the account's contacts who are told. */
export function recipients(
  { alert: { email } }: Monitors,
  contacts: readonly Contact[],
): readonly Contact[] {
  if (email === null) return contacts
  return contacts.filter((each) => each.email.toLowerCase() === email.toLowerCase())
}

function changesOf(
  { name, wanted, held, differences }: Pair,
  contacts: readonly Contact[],
): Planned<Change>[] {
  const body = bodyOf(name, wanted, contacts)
  const create: Planned<Change> = {
    line: `+ ${describe(name, wanted, contacts)}`,
    change: { do: 'create', body },
  }
  if (!held) return [create]
  if (held.type !== wanted.type) {
    // A monitor's type cannot be changed; its history goes with it.
    const line = `- ${name}, monitor ${held.id}, with its history: its type is ${held.type}`
    return [{ line, change: { do: 'delete', id: held.id } }, create]
  }
  const { id } = held
  const planned: Planned<Change>[] = []
  if (differences.length) {
    const line = `~ ${name}, monitor ${id}: ${differences.join('; ')}`
    planned.push({ line, change: { do: 'update', id, body } })
  }
  if (held.status === 'PAUSED') {
    planned.push({
      line: `~ ${name}, monitor ${id}: start, it is paused`,
      change: { do: 'start', id },
    })
  }
  return planned
}

function differ(wanted: WantedMonitor, held: HeldMonitor, contacts: readonly Contact[]): string[] {
  const said = (what: string, is: unknown, should: unknown) =>
    is === should ? [] : [`${what} ${is ?? 'unset'}, wanted ${should}`]
  const ids = (all: readonly string[]) => [...all].sort().join(' ') || 'nobody'
  const keyword = wanted.type === 'KEYWORD' ? keywordOf(wanted) : {}
  return [
    ...said('type', held.type, wanted.type),
    ...said('address', bare(held.url), bare(wanted.url)),
    ...said('interval', held.interval, wanted.interval),
    ...said('timeout', held.timeout, wanted.timeout),
    ...said('follows redirections', held.followRedirections, true),
    ...Object.entries(keyword).flatMap(([key, value]) =>
      said(key, held[key as keyof HeldMonitor], value),
    ),
    ...said(
      'tells contacts',
      ids(held.assignedAlertContacts?.map(({ alertContactId }) => alertContactId) ?? []),
      ids(contacts.map(({ id }) => id)),
    ),
  ]
}

/** An address without the slash that is the same with and without. */
function bare(url: string | null | undefined): string | undefined {
  return url?.replace(/\/$/, '')
}

/** https://uptimerobot.com/api/v3/ (create a monitor); threshold and recurrence are in minutes. */
function bodyOf(name: string, wanted: WantedMonitor, contacts: readonly Contact[]): MonitorBody {
  const { type, url, interval, timeout } = wanted
  return {
    friendlyName: name,
    type,
    url,
    interval,
    timeout,
    followRedirections: true,
    ...(wanted.type === 'KEYWORD' ? keywordOf(wanted) : { httpMethodType: 'GET' }),
    assignedAlertContacts: contacts.map(({ id }) => ({
      alertContactId: id,
      threshold: 0,
      recurrence: 0,
    })),
  }
}

/** Case sensitive (0), and an alert when the words are not there. */
function keywordOf({ keyword }: WantedMonitor & { type: 'KEYWORD' }) {
  return { keywordType: 'ALERT_NOT_EXISTS', keywordCaseType: 0, keywordValue: keyword }
}

function describe(name: string, wanted: WantedMonitor, contacts: readonly Contact[]): string {
  const what = wanted.type === 'KEYWORD' ? `"${wanted.keyword}" in` : 'an answer of'
  const who = contacts.map(({ id }) => id).join(', ')
  return `${name}: ${what} ${wanted.url} every ${wanted.interval} s, within ${wanted.timeout} s; tells contact ${who}`
}
