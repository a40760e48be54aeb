import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DOMAIN } from '../host/caddy.ts'
import type { Host } from './host.ts'
import { DATA, PUBLISHABLE_KEY } from './settings.ts'
import type { Payment, Sample } from './shoppers.ts'

/** What shoppers saw between two moments (ms since 1970). */
export interface Seen {
  asked: number
  failed: Sample[]
  p50: number
  p99: number
  slowest: number
}

/** The shoppers of one rehearsal, and everything that they saw. */
export class Load {
  readonly samples: Sample[] = []
  readonly payments = new Map<string, number | null>()
  private child: ChildProcess | undefined

  start(host: Host): void {
    const child = spawn('node', [join(import.meta.dirname, 'shoppers.ts')], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env,
        NODE_EXTRA_CA_CERTS: join(DATA, 'ca.crt'),
        RR_API_URL: `https://api.${DOMAIN}`,
        RR_STOREFRONT_URL: `https://${DOMAIN}`,
        RR_BTCPAY_URL: 'http://127.0.0.1:14142',
        RR_CONTROL_URL: 'http://127.0.0.1:9',
        RR_PUBLISHABLE_KEY: PUBLISHABLE_KEY,
        RR_REVALIDATE_SECRET: host.secrets.value('REVALIDATE_SECRET'),
        RR_ADMIN_EMAIL: host.secrets.value('ADMIN_EMAIL'),
        RR_ADMIN_PASSWORD: host.secrets.value('ADMIN_PASSWORD'),
      },
    })
    this.child = child
    createInterface({ input: child.stdout }).on('line', (line) => {
      const { sample, payment } = JSON.parse(line) as { sample?: Sample; payment?: Payment }
      if (sample) this.samples.push(sample)
      if (payment) this.payments.set(payment.reference, payment.order)
    })
  }

  async stop(): Promise<void> {
    const child = this.child
    if (!child || child.exitCode !== null) return
    child.kill('SIGTERM')
    await new Promise((resolve) => child.once('exit', resolve))
  }

  /** Payments that have become orders. */
  paid(): number {
    return [...this.payments.values()].filter((order) => order !== null).length
  }

  between(from: number, to: number): Seen {
    const seen = this.samples.filter(({ at, ms }) => at + ms >= from && at <= to)
    const sorted = seen.map(({ ms }) => ms).sort((a, b) => a - b)
    const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? 0
    return {
      asked: seen.length,
      failed: seen.filter(({ ok }) => !ok),
      p50: at(0.5),
      p99: at(0.99),
      slowest: sorted.at(-1) ?? 0,
    }
  }

  /** Payments without an order. */
  unfinished(): string[] {
    return [...this.payments].filter(([, order]) => order === null).map(([reference]) => reference)
  }
}
