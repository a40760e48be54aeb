import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { z } from 'zod'
import { Problem } from '../shop/steps.ts'
import { canonical, isPrivate } from './addresses.ts'

export const ROOT = join(import.meta.dirname, '../..')
export const RECORDS_FILE = join(ROOT, 'nixos/dns/records.json')

const LABEL = '[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?'
const fullName = z
  .string()
  .max(253)
  .regex(
    new RegExp(`^(?:${LABEL}\\.)+${LABEL}$`),
    'must be a full name in lower case, without a dot at its end',
  )
const nameInZone = z
  .string()
  .regex(
    new RegExp(`^(?:@|${LABEL}(?:\\.${LABEL})*)$`),
    'must be a name within the zone in lower case, or @ for the zone itself',
  )
const reachable = (address: string) => !isPrivate(address)
const UNREACHABLE = 'is a private address that the internet does not reach'

const named = { name: nameInZone, for: z.string().min(1) }
const record = z.discriminatedUnion('type', [
  z.strictObject({ ...named, type: z.literal('A/AAAA'), host: z.string(), proxied: z.boolean() }),
  z.strictObject({ ...named, type: z.literal('CNAME'), target: fullName, proxied: z.boolean() }),
  z.strictObject({
    ...named,
    type: z.literal('CAA'),
    /** 128: an authority that does not know the tag must not issue. */
    flags: z.union([z.literal(0), z.literal(128)]).default(0),
    tag: z.enum(['issue', 'issuewild', 'iodef']),
    value: z.string().regex(/^[^"\\]+$/, 'must be without quotation marks'),
  }),
  z.strictObject({
    ...named,
    type: z.literal('MX'),
    priority: z.int().min(0).max(65_535),
    target: fullName,
  }),
  z.strictObject({ ...named, type: z.literal('TXT'), value: z.string().min(1).max(2048) }),
])

const file = z
  .strictObject({
    about: z.array(z.string()),
    zone: fullName,
    hosts: z.record(
      z.string(),
      z.strictObject({
        ipv4: z.ipv4('must be an IPv4 address or null').refine(reachable, UNREACHABLE).nullable(),
        ipv6: z
          .ipv6('must be an IPv6 address (one of the network, without its /64) or null')
          .refine(reachable, UNREACHABLE)
          .transform(canonical)
          .nullable(),
        /** Where its addresses can be read. */
        shownBy: z.string().min(1),
      }),
    ),
    records: z.array(record),
    /** Settings of the zone by their ids in Cloudflare's API. */
    settings: z.strictObject({
      ssl: z.enum(['off', 'flexible', 'full', 'strict', 'origin_pull']),
      always_use_https: z.enum(['on', 'off']),
      min_tls_version: z.enum(['1.0', '1.1', '1.2', '1.3']),
      rocket_loader: z.enum(['on', 'off']),
      email_obfuscation: z.enum(['on', 'off']),
    }),
  })
  .superRefine((data, context) => {
    const seen = new Map<string, string[]>()
    for (const [index, each] of data.records.entries()) {
      const complain = (field: string, message: string) =>
        context.addIssue({ code: 'custom', path: ['records', index, field], message })
      if (each.type === 'A/AAAA' && !data.hosts[each.host]) {
        complain('host', `${each.host} is not among the hosts`)
      }
      if (each.type === 'CNAME' && within(each.target, data.zone)) {
        const target = data.records.some(
          (other) => other !== each && fullNameOf(other.name, data.zone) === each.target,
        )
        if (!target) complain('target', `${each.target} has no record`)
      }
      const types = seen.get(each.name) ?? []
      const alone = each.type === 'CNAME' || types.includes('CNAME')
      if (alone && types.length) complain('name', 'a CNAME must be the only record of its name')
      if (each.type === 'A/AAAA' && types.includes('A/AAAA')) {
        complain('name', 'has two records of type A/AAAA')
      }
      seen.set(each.name, [...types, each.type])
    }
  })

/** What nixos/dns/records.json says. */
export type Records = z.infer<typeof file>

export type RecordType = 'A' | 'AAAA' | 'CNAME' | 'CAA' | 'MX' | 'TXT'

/** One record as it should be at Cloudflare. */
export interface WantedRecord {
  /** In full, without a dot at its end. */
  name: string
  type: RecordType
  /** As zone files show it, TXT without its quotation marks; null when a host's address is unknown. */
  content: string | null
  proxied: boolean
  /** What to do about an unknown address. */
  fillIn?: string | undefined
}

/**
 * Reads the file of records.
 * @throws Problem naming every place that is wrong
 */
export function readRecords(path = RECORDS_FILE): Records {
  const shown = shownPath(path)
  let json: unknown
  try {
    json = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new Problem(`${shown}: ${(error as Error).message}`)
  }
  const result = file.safeParse(json)
  if (!result.success) throw new Problem(`${shown} is wrong:\n${z.prettifyError(result.error)}`)
  return result.data
}

/** The records in full: names completed, hosts replaced by their addresses. */
export function wantedRecords(data: Records, path = RECORDS_FILE): WantedRecord[] {
  return data.records.flatMap((each) => inFull(each, data, path))
}

/**
 * An address read from DNS instead of the host's console is Cloudflare's: it would make Cloudflare
 * ask itself, and Cloudflare refuses it.
 * @throws Problem naming the host
 */
export function refuseEdgeAddresses(data: Records, isEdge: (address: string) => boolean): void {
  for (const [name, host] of Object.entries(data.hosts)) {
    for (const family of ['ipv4', 'ipv6'] as const) {
      const address = host[family]
      if (address === null || !isEdge(address)) continue
      throw new Problem(
        `hosts.${name}.${family} is ${address}, an address of Cloudflare's: use the host's own (${host.shownBy} shows it)`,
      )
    }
  }
}

function inFull(each: Records['records'][number], data: Records, path: string): WantedRecord[] {
  const name = fullNameOf(each.name, data.zone)
  const plain = { name, proxied: false }
  switch (each.type) {
    case 'A/AAAA':
      return addresses(data, each.host, { name, proxied: each.proxied }, path)
    case 'CNAME':
      return [{ name, type: 'CNAME', content: each.target, proxied: each.proxied }]
    case 'CAA':
      return [{ ...plain, type: 'CAA', content: `${each.flags} ${each.tag} "${each.value}"` }]
    case 'MX':
      return [{ ...plain, type: 'MX', content: `${each.priority} ${each.target}` }]
    case 'TXT':
      return [{ ...plain, type: 'TXT', content: each.value }]
  }
}

function addresses(
  data: Records,
  hostName: string,
  rest: { name: string; proxied: boolean },
  path: string,
): WantedRecord[] {
  const host = data.hosts[hostName]
  if (!host) throw new Error(`${hostName} passed the schema without being a host`)
  const fillIn =
    host.ipv4 === null
      ? `fill in hosts.${hostName}.ipv4 in ${shownPath(path)} (${host.shownBy} shows it)`
      : undefined
  const a: WantedRecord = { ...rest, type: 'A', content: host.ipv4, fillIn }
  return host.ipv6 === null ? [a] : [a, { ...rest, type: 'AAAA', content: host.ipv6 }]
}

function shownPath(path: string): string {
  const inside = relative(ROOT, path)
  return inside.startsWith('..') ? path : inside
}

function fullNameOf(name: string, zone: string): string {
  return name === '@' ? zone : `${name}.${zone}`
}

function within(name: string, zone: string): boolean {
  return name === zone || name.endsWith(`.${zone}`)
}
