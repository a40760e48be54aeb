import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { Problem } from '../shop/steps.ts'
import { canonical } from './addresses.ts'
import { ROOT } from './records.ts'

export const RANGES_FILE = join(ROOT, 'nixos/caddy/cloudflare.json')
/** Where Cloudflare publishes its ranges: /ips-v4 and /ips-v6, one range a line. */
export const PUBLISHER = 'https://www.cloudflare.com'
const TIMEOUT_MS = 10_000
/** Cloudflare publishes some twenty; a page of errors must not pass for "all ranges were removed". */
const FEWEST = 5

const lists = { v4: z.array(z.cidrv4()).min(FEWEST), v6: z.array(z.cidrv6()).min(FEWEST) }
const file = z.strictObject({ source: z.string(), ...lists })
const published = z.object(lists)

/** Ranges of Cloudflare's edge, as in `173.245.48.0/20`. */
export interface Ranges {
  v4: string[]
  v6: string[]
}

/** The ranges whose word about a client's address our Caddy takes. */
export function readRanges(path = RANGES_FILE): Ranges {
  const { v4, v6 } = file.parse(JSON.parse(readFileSync(path, 'utf8')))
  return { v4, v6 }
}

/**
 * The ranges as Cloudflare publishes them now.
 * @throws Problem when they cannot be had whole
 */
export async function fetchRanges(base = PUBLISHER, timeoutMs = TIMEOUT_MS): Promise<Ranges> {
  const [v4, v6] = await Promise.all([
    fetchList(new URL('/ips-v4', base), timeoutMs),
    fetchList(new URL('/ips-v6', base), timeoutMs),
  ])
  const result = published.safeParse({ v4, v6 })
  if (!result.success) {
    throw new Problem(`${base} gives no lists of ranges:\n${z.prettifyError(result.error)}`)
  }
  return result.data
}

/** What to add to our list, and what to take out, to have theirs. */
export function compareRanges(
  ours: Ranges,
  theirs: Ranges,
): { added: string[]; removed: string[] } {
  const mine = new Set([...ours.v4, ...ours.v6].map(canonicalRange))
  const published = new Set([...theirs.v4, ...theirs.v6].map(canonicalRange))
  return {
    added: [...published].filter((range) => !mine.has(range)),
    removed: [...mine].filter((range) => !published.has(range)),
  }
}

function canonicalRange(range: string): string {
  const [network = '', bits = ''] = range.split('/')
  return `${canonical(network)}/${bits}`
}

async function fetchList(url: URL, timeoutMs: number): Promise<string[]> {
  const fail = (what: string) => new Problem(`${url} ${what}`)
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) })
    if (new URL(response.url).origin !== url.origin) throw fail(`leads to ${response.url}`)
    if (!response.ok) throw fail(`answers ${response.status}`)
    return (await response.text()).split('\n').flatMap((line) => line.trim() || [])
  } catch (error) {
    if (error instanceof Problem) throw error
    const { name, message, cause } = error as Error
    if (name === 'TimeoutError') throw fail(`does not answer within ${timeoutMs / 1000} s`)
    throw fail(`cannot be reached: ${cause instanceof Error ? cause.message : message}`)
  }
}
