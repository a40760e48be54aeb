import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ROOT } from '../host/nix.ts'

const DEPLOY = join(ROOT, 'nixos/deploy')
const SHA = '0123456789abcdef0123456789abcdef01234567'

let folder: string
let asked: string[]
let sent: number
let answer: (request: IncomingMessage, response: ServerResponse) => void
const server = createServer((request, response) => {
  asked.push(request.url ?? '')
  answer(request, response)
})
const text = (body: string) => (_: IncomingMessage, response: ServerResponse) => response.end(body)

beforeEach(async () => {
  asked = []
  sent = 0
  folder = mkdtempSync(join(tmpdir(), 'rr-answers-'))
  await new Promise<void>((up) => server.listen(0, '127.0.0.1', up))
  const { port } = server.address() as AddressInfo
  for (const path of ['bin', 'deploy', 'ways', 'secrets']) mkdirSync(join(folder, path))
  const ports = { blue: port, green: port, worker: port }
  writeFileSync(
    join(folder, 'apps.json'),
    JSON.stringify({ domain: 'shop.test', medusa: { ports }, storefront: { ports } }),
  )
  const release = { current: SHA, slot: 'blue' }
  writeFileSync(
    join(folder, 'deploy/state.json'),
    JSON.stringify({ apps: { medusa: release, storefront: release } }),
  )
  writeFileSync(join(folder, 'secrets/medusa.env'), 'MEDUSA_PUBLISHABLE_KEY=pk_test\n')
  writeFileSync(join(folder, 'bin/systemctl'), '#!/bin/bash\necho 0\n', { mode: 0o755 })
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
  rmSync(folder, { recursive: true, force: true })
})

/** The signature of a call that Medusa's container gives when it prints `printed`. */
function signatureOf(printed: string): Promise<{ code: number; output: string }> {
  writeFileSync(join(folder, 'printed'), printed)
  writeFileSync(join(folder, 'bin/docker'), `#!/bin/bash\ncat ${folder}/printed\n`, { mode: 0o755 })
  const script = `set -euo pipefail; unit() { echo medusa-server-blue; }; source ${DEPLOY}/signed.bash; signed blue`
  return new Promise((resolve) => {
    const env = { PATH: `${join(folder, 'bin')}:${process.env.PATH}` }
    execFile('bash', ['--norc', '-c', script], { env, timeout: 20_000 }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr }),
    )
  })
}

describe("the signature that Medusa's container makes", () => {
  const good = `x-rr-client: 127.0.0.1 1764000000 ${'0a'.repeat(32)}`

  it('is one header of one form', async () => {
    expect(await signatureOf(`${good}\n`)).toEqual({ code: 0, output: `${good}\n` })
  })

  it.each([
    ['a file of the host, which curl would read', '@/etc/hostname\n'],
    ['a second header', `${good}\nX-Other: 1\n`],
    ['more than a header', `${good}${'0'.repeat(10_000)}`],
    ['another address', good.replace('127.0.0.1', '203.0.113.7')],
    ['nothing', ''],
  ])('is refused when it is %s', async (_, printed) => {
    expect(await signatureOf(printed)).toEqual({ code: 1, output: '' })
  })
})

/** Runs a part of rr-deploy while the app answers as `answer` says. */
function run(path: string, ...words: string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const env = {
      PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
      RR_STATE: folder,
      RR_SECRETS: join(folder, 'secrets'),
      RR_APPS: join(folder, 'apps.json'),
      RR_READY_SECONDS: '2',
      RR_WARM_SECONDS: '3',
    }
    execFile(join(DEPLOY, path), words, { env, timeout: 60_000 }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), output: `${stdout}${stderr}` }),
    )
  })
}

describe('what an app says', () => {
  it.each([
    ['a sentence', { status: 'ok but' }],
    ['another line', { status: `ok\n  runs      ${'f'.repeat(40)}` }],
    ['a terminal’s commands', { status: 'ok\u001b[2J' }],
    ['an object', { status: { current: 'f'.repeat(40) } }],
    ['a list', ['ok']],
    ['nothing', {}],
  ])('of its health is one word, not %s', async (_what, body) => {
    answer = text(JSON.stringify(body))
    const { code, output } = await run('rr-deploy', 'status')
    expect(code).toBe(1)
    expect(output.match(/health {4}(.*)/g)).toEqual(Array(2).fill('health    strange answer'))
    expect(output).not.toContain('f'.repeat(40))
  })

  it('of its health is shown when it is one word', async () => {
    answer = text('{"status":"degraded"}')
    expect(await run('rr-deploy', 'status')).toMatchObject({ code: 0 })
  })

  it('moves no cursor and ends no line when it is never ready', async () => {
    answer = text(`{"build":"other"}\u001b[2J\r\n::add-mask::x\n${'y'.repeat(2_000)}`)
    const { code, output } = await run('steps/ready', 'storefront', 'blue', SHA)
    expect(code).toBe(1)
    expect(output).toMatch(/^http:\S+ is not ready after 2 s: {"build":"other"}[\x20-\x7e]+\n$/)
    expect(output.length).toBeLessThan(700)
  })

  it.each([
    ['steps/probe', 'storefront', 'blue'],
    ['steps/ready', 'storefront', 'blue', SHA],
    ['steps/warm', 'storefront', 'blue'],
    ['rr-deploy', 'status'],
  ])(
    'without an end is cut off: %s',
    async (...words) => {
      const block = Buffer.alloc(65_536, 'x')
      answer = (_, response) => {
        const go = () => {
          while (response.writable && !response.destroyed) {
            sent += block.length
            if (!response.write(block)) return
          }
        }
        response.on('drain', go)
        go()
      }
      await run(...(words as [string, ...string[]]))
      // Four megabytes for each of a few answers, and what lies in buffers.
      expect(sent).toBeGreaterThan(1_000_000)
      expect(sent).toBeLessThan(150_000_000)
    },
    60_000,
  )

  it.each([
    ['steps/probe', '<a href="/eu/products/[1-300]">', 4],
    ['steps/probe', '<a href="/eu/products/{a,b,c,d,e,f}">', 4],
    ['steps/warm', '<loc>https://shop.test/eu/[1-300]</loc>', 1],
    ['steps/warm', '<loc>https://shop.test/eu/{a,b,c}</loc>', 1],
    ['steps/warm', '<loc>https://shop.test/eu" output = "own</loc>', 1],
  ])('is one address at the most: %s %s', async (step, body, most) => {
    answer = text(body)
    await run(step, 'storefront', 'blue')
    expect(asked.length).toBeGreaterThan(0)
    expect(asked.length).toBeLessThanOrEqual(most)
  })

  it('leads a probe to no other protocol than HTTP', async () => {
    writeFileSync(join(folder, 'secret'), 'of the host')
    answer = (request, response) => {
      if (request.url === '/app') response.writeHead(302, { location: `file://${folder}/secret` })
      response.end('{}')
    }
    const { code, output } = await run('steps/probe', 'medusa', 'blue')
    expect(code).toBe(1)
    expect(output).not.toContain('of the host')
  })
})
