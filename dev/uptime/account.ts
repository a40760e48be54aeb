import type { Outside } from '../outside/proposal.ts'
import { Problem } from '../shop/steps.ts'
import { readMonitors } from './monitors.ts'
import { type Change, planMonitors } from './plan.ts'
import { UptimeRobot } from './uptimerobot.ts'

export interface AccountOptions {
  /** Path of the file of monitors. */
  monitors?: string | undefined
  key: string | undefined
  api?: string | undefined
}

/**
 * The account's client.
 * @throws Problem when the key is missing or the address is wrong
 */
export function account({ key, api }: AccountOptions): UptimeRobot {
  if (!key) throw new Problem('UPTIMEROBOT_API_KEY is not set: docs/outside.md says where it is')
  return new UptimeRobot(key, { base: api })
}

/** UptimeRobot's monitors as the file describes them. */
export function uptimeOutside(options: AccountOptions): Outside<Change> {
  const data = readMonitors(options.monitors)
  const client = account(options)
  return {
    name: 'UptimeRobot',
    command: 'npm run uptime',
    async propose() {
      return planMonitors(data, await client.monitors(), await client.emailContacts())
    },
    make(change) {
      switch (change.do) {
        case 'create':
          return client.create(change.body)
        case 'update':
          return client.update(change.id, change.body)
        case 'start':
          return client.start(change.id)
        case 'delete':
          return client.remove(change.id)
      }
    },
  }
}
