import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const CAPTURED = join(import.meta.dirname, 'captured.jsonl')

/** Of the captured shop: its first order, paid when the shopper came back, by way of Caddy. */
const ORDER = 1
const REQUEST = '020c0c01-3fd4-4d9f-a711-bb13c4a0805f'
const ORIGIN = '54ad8949-2082-4169-a5bd-dda9f9b6c16d'
/** Its second, which BTCPay's webhook made. */
const INVOICE = '739b873c2678d2adc8271b7d7f83bbc3'

/** The commands of docs/logs.md by the sentence above each. */
const recipes = new Map(
  [
    ...readFileSync(join(ROOT, 'docs/logs.md'), 'utf8').matchAll(
      /\n([^\n]+):\n\n```sh\n(journalctl [^\n]+)\n```/g,
    ),
  ].map(([, title = '', command = '']) => [title, command]),
)

/** Runs a recipe over the captured lines instead of the journal; gives its lines, cut at tabs. */
function run(title: string, values: Record<string, string | number> = {}): string[][] {
  let command = recipes.get(title)
  if (!command) throw new Error(`docs/logs.md has no recipe "${title}"`)
  command = command.replace(/^journalctl [^|]+\| /, `cat ${CAPTURED} | `)
  for (const [name, value] of Object.entries(values)) {
    command = command.replace(name, String(value))
  }
  const output = execFileSync('bash', ['-euo', 'pipefail', '-c', command], {
    encoding: 'utf8',
    timeout: 20_000,
  })
  return output
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'))
}

/** Who says what, in the order of time. */
function said(lines: string[][]): string[] {
  return lines.map(([, app, , message]) => `${app}: ${message}`)
}

describe('the recipes of docs/logs.md', () => {
  it('are nine, each one command', () => {
    expect(recipes.size).toBe(9)
  })

  it('show what goes on, and pass by what is not JSON', () => {
    const lines = run('What goes on now')
    const captured = readFileSync(CAPTURED, 'utf8').trimEnd().split('\n')
    expect(captured[0]).toMatch(/^Starting/)
    expect(lines).toHaveLength(captured.length - 1)
  })

  it('count errors and warnings', () => {
    const lines = run('Errors and warnings of the last hour, the most frequent first')
    expect(lines[0]).toEqual([
      '2',
      'error',
      'storefront',
      'TypeError: fetch failed',
      '2026-11-25T02:06:41.208Z',
    ])
    expect(lines.every(([, level]) => level === 'error' || level === 'warn')).toBe(true)
    expect(lines.length).toBeGreaterThan(5)
  })

  it('show an error with its stack over several lines', () => {
    const text = run('One error whole, with the stack as it was').flat().join('\n')
    expect(text).toMatch(/^\S+Z storefront [0-9a-f-]{36}\nTypeError: fetch failed\n {4}at /m)
    expect(text).toContain('\ncaused by Error: connect ECONNREFUSED')
  })

  it('follow one request through all four processes', () => {
    const title = 'All of one request, in every process, and what came of it later'
    expect(said(run(title, { REQUEST }))).toEqual([
      'medusa-worker: order.placed handled',
      'medusa-server: btcpay: payment became an order',
      'medusa-server: GET /store/order-pages/:token 200',
      'caddy: /api/payments/page_',
      'storefront: GET /api/payments/[token] 200',
    ])
    // The request that made the invoice, with what came of it.
    const later = said(run(title, { REQUEST: ORIGIN }))
    expect(later).toContain('medusa-server: btcpay: invoice made')
    expect(later).toContain('medusa-server: btcpay: payment became an order')
  })

  it('follow one order from its invoice', () => {
    const lines = said(
      run('All of one order, by its number, from the page where it was paid', { ORDER }),
    )
    expect(lines[0]).toBe('medusa-server: btcpay: invoice made')
    expect(lines).toContain('caddy: /api/payments/page_')
    expect(lines).toContain('medusa-worker: order.placed handled')
  })

  it('follow one invoice through its deliveries', () => {
    const lines = run("All of one invoice, by BTCPay's id, with its deliveries", { INVOICE })
    expect(said(lines)[0]).toBe('medusa-server: btcpay: invoice made')
    expect(lines.filter(([, , , message]) => message === 'btcpay: delivery stored')).toHaveLength(5)
    expect(lines.at(-1)?.at(-1)).toBe('2')
    expect(readFileSync(CAPTURED, 'utf8')).not.toContain(INVOICE)
  })

  it('tell the slowest requests and routes', () => {
    const slowest = run('The slowest requests, and which of them Medusa has held up')
    const times = slowest.map(([ms]) => Number(ms))
    expect(times).toHaveLength(20)
    expect(times).toEqual([...times].sort((a, b) => b - a))
    const routes = run('How long each route takes, and how often it fails')
    expect(routes[0]?.at(-1)).toBe('medusa-server GET /store/products')
    const failed = routes.find((line) => line.at(-1) === 'storefront GET /[region]/search')
    expect(failed?.slice(0, 2)).toEqual(['2', '1'])
  })

  it('find a cart whose id is known, by what is logged of it', () => {
    const id = 'cart_01M88786ANS2XAJ9X9DJZ9TQCQ'
    const title =
      'All of one cart, payment or order page whose id or secret is known; the log has only what `short` makes of it'
    const lines = run(title, { ID: id })
    expect(lines.some((line) => line.at(-2) === 'btcpay: payment became an order')).toBe(true)
    expect(readFileSync(CAPTURED, 'utf8')).not.toContain(id)
  })
})
