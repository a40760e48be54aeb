import { Resolver } from 'node:dns/promises'
import { isIP } from 'node:net'
import { Problem } from '../shop/steps.ts'
import { canonical } from './addresses.ts'
import type { RecordType } from './records.ts'

/** Of three companies, so that one cache or one outage does not decide. */
export const RESOLVERS = ['1.1.1.1', '8.8.8.8', '9.9.9.9']
/** For each try. */
const TIMEOUT_MS = 2000
const TRIES = 2

export interface Question {
  name: string
  type: RecordType
}

/** What a resolver says; values as `WantedRecord.content` has them, sorted. */
export type Answer =
  | { kind: 'values'; values: string[] }
  | { kind: 'absent'; reason: 'no such name' | 'no such record' }
  | { kind: 'failed'; reason: string }

export interface Patience {
  timeoutMs?: number
  tries?: number
}

/**
 * Gives a function that asks one resolver.
 * @param server its address, with a port if that is not 53: `9.9.9.9`, `127.0.0.1:5300`, `[::1]:5300`
 * @throws Problem when the address is none
 */
export function resolverAt(
  server: string,
  { timeoutMs = TIMEOUT_MS, tries = TRIES }: Patience = {},
): (question: Question) => Promise<Answer> {
  const address = /^\[(.+)\]:\d+$/.exec(server)?.[1] ?? server.replace(/^([\d.]+):\d+$/, '$1')
  if (isIP(address) === 0) throw new Problem(`--resolver ${server}: this is no address`)
  const resolver = new Resolver({ timeout: timeoutMs, maxTimeout: timeoutMs, tries })
  resolver.setServers([server])
  return async (question) => {
    try {
      return { kind: 'values', values: (await lookUp(resolver, question)).sort() }
    } catch (error) {
      return explain((error as NodeJS.ErrnoException).code ?? String(error))
    }
  }
}

async function lookUp(resolver: Resolver, { name, type }: Question): Promise<string[]> {
  switch (type) {
    case 'A':
      return resolver.resolve4(name)
    case 'AAAA':
      return (await resolver.resolve6(name)).map(canonical)
    case 'CNAME':
      return (await resolver.resolveCname(name)).map(tidy)
    case 'CAA':
      return (await resolver.resolveCaa(name)).map(({ critical, ...property }) => {
        const [tag, value] = Object.entries(property)[0] ?? []
        return `${critical} ${tag} "${value}"`
      })
    case 'MX':
      return (await resolver.resolveMx(name)).map((mx) => `${mx.priority} ${tidy(mx.exchange)}`)
    case 'TXT':
      return (await resolver.resolveTxt(name)).map((parts) => parts.join(''))
  }
}

function tidy(name: string): string {
  return name.toLowerCase().replace(/\.$/, '')
}

/** Codes of `node:dns`: https://nodejs.org/api/dns.html#error-codes */
function explain(code: string): Answer {
  if (code === 'ENOTFOUND') return { kind: 'absent', reason: 'no such name' }
  if (code === 'ENODATA') return { kind: 'absent', reason: 'no such record' }
  const reasons: Record<string, string> = {
    ETIMEOUT: 'does not answer',
    ECONNREFUSED: 'does not answer',
    ESERVFAIL: 'cannot find out (SERVFAIL)',
    EREFUSED: 'refuses the question',
  }
  return { kind: 'failed', reason: reasons[code] ?? code }
}
