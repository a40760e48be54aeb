import type { Outside } from '../outside/proposal.ts'
import { Problem } from '../shop/steps.ts'
import { inRanges } from './addresses.ts'
import { Cloudflare } from './cloudflare.ts'
import { type Change, planZone } from './plan.ts'
import { readRanges } from './ranges.ts'
import { readRecords, refuseEdgeAddresses, wantedRecords } from './records.ts'

export interface ZoneOptions {
  /** Path of the file of records. */
  records?: string | undefined
  token: string | undefined
  api?: string | undefined
}

/** Longer than a service's minute, shorter than a person's patience. */
const PATIENCE_MS = 70_000

/**
 * Cloudflare's zone as the file of records describes it.
 * @throws Problem when the file, the token or the address is wrong
 */
export function zoneOutside({ records, token, api }: ZoneOptions): Outside<Change> {
  if (!token) {
    throw new Problem('CLOUDFLARE_API_TOKEN is not set: docs/outside.md says how to make it')
  }
  const data = readRecords(records)
  const ranges = readRanges()
  refuseEdgeAddresses(data, inRanges([...ranges.v4, ...ranges.v6]))
  const wanted = wantedRecords(data, records)
  const client = new Cloudflare(token, { base: api, patienceMs: PATIENCE_MS })
  let zoneId = ''
  return {
    name: 'Cloudflare',
    command: 'npm run dns',
    async propose() {
      const zone = await client.zone(data.zone)
      zoneId = zone.id
      const settings: Record<string, string> = {}
      for (const id of Object.keys(data.settings)) settings[id] = await client.setting(zoneId, id)
      const held = await client.records(zoneId)
      const proposal = planZone(wanted, data.settings, { records: held, settings })
      const state = `zone ${data.zone} is ${zone.status}, DNSSEC is ${await client.dnssec(zoneId)}`
      return { ...proposal, notes: [state, ...proposal.notes] }
    },
    make(change) {
      switch (change.do) {
        case 'create':
          return client.create(zoneId, change.record)
        case 'update':
          return client.update(zoneId, change.from.id, change.record)
        case 'delete':
          return client.remove(zoneId, change.from.id)
        case 'set':
          return client.set(zoneId, change.setting, change.to)
      }
    },
  }
}
