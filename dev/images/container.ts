import { randomBytes } from 'node:crypto'
import { chownSync, mkdtempSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { docker, PUBLISHABLE_KEY, TAG } from './engine.ts'
import { DATABASE_URL, REDIS_PORT } from './stores.ts'

/** The user that both images run as. */
const USER = 1000

const secret = () => randomBytes(32).toString('hex')

/** What Medusa's container reads on the host; strong secrets, public addresses with TLS. */
export const MEDUSA_ENVIRONMENT: Record<string, string> = {
  NODE_ENV: 'production',
  DATABASE_URL,
  REDIS_URL: `redis://127.0.0.1:${REDIS_PORT}`,
  JWT_SECRET: secret(),
  COOKIE_SECRET: secret(),
  MEDUSA_BACKEND_URL: 'https://api.shop.test',
  STOREFRONT_URL: 'https://shop.test',
  STORE_CORS: 'https://shop.test',
  ADMIN_CORS: 'https://api.shop.test',
  AUTH_CORS: 'https://shop.test,https://api.shop.test',
  MEDUSA_PUBLISHABLE_KEY: PUBLISHABLE_KEY,
  ADMIN_EMAIL: 'owner@shop.test',
  ADMIN_PASSWORD: secret(),
  BTCPAY_URL: 'https://btcpay.shop.test',
  BTCPAY_STORE_ID: 'RrDevStore',
  BTCPAY_API_KEY: secret(),
  BTCPAY_WEBHOOK_SECRET: secret(),
  REVALIDATE_SECRET: secret(),
}

/** What the storefront's container reads on the host. */
export const STOREFRONT_ENVIRONMENT: Record<string, string> = {
  NODE_ENV: 'production',
  STOREFRONT_URL: 'https://shop.test',
  BTCPAY_URL: 'https://btcpay.shop.test',
  NEXT_PUBLIC_MEDUSA_BACKEND_URL: 'https://api.shop.test',
  NEXT_PUBLIC_MEDUSA_PUBLISHABLE_KEY: PUBLISHABLE_KEY,
  REVALIDATE_SECRET: secret(),
}

/** As nixos/modules/containers.nix starts a container. */
const AS_ON_THE_HOST = [
  ...['--network=host', `--user=${USER}:${USER}`, '--read-only', '--init', '--cap-drop=ALL'],
  ...['--tmpfs=/tmp:rw,noexec,nosuid,nodev,size=64m', '--security-opt=no-new-privileges'],
  ...['--pids-limit=256'],
]

export interface Container {
  name: string
  port: number
}

const started = new Set<string>()

/** Product files of the tests, writable for the containers' user. */
export const UPLOADS = mkdtempSync(join(tmpdir(), 'rr-images-uploads-'))
/** Exports and imports, as they lie on the host: apart. */
const PRIVATE_FILES = mkdtempSync(join(tmpdir(), 'rr-images-private-files-'))
for (const folder of [UPLOADS, PRIVATE_FILES]) chownSync(folder, USER, USER)

function variables(environment: Record<string, string>): string[] {
  return Object.entries(environment).flatMap(([name, value]) => ['--env', `${name}=${value}`])
}

async function start(name: string, args: string[]): Promise<void> {
  await remove(name)
  started.add(name)
  await docker(['run', '--detach', '--name', name, ...AS_ON_THE_HOST, ...args])
}

/** Starts Medusa as server or worker; `command` is what the entrypoint takes. */
export async function startMedusa(
  mode: 'server' | 'worker',
  command: string[] = [],
  environment: Record<string, string> = {},
): Promise<Container> {
  const container = { name: `rr-images-${mode}`, port: mode === 'server' ? 29_600 : 29_601 }
  await start(container.name, [
    ...['--memory=1g', '--memory-swap=1g', '--volume', `${UPLOADS}:/app/static`],
    ...['--volume', `${PRIVATE_FILES}:/app/private-files`],
    ...variables({
      ...MEDUSA_ENVIRONMENT,
      PORT: String(container.port),
      MEDUSA_WORKER_MODE: mode,
      ...(mode === 'worker' && { DISABLE_MEDUSA_ADMIN: 'true' }),
      ...environment,
    }),
    TAG.medusa,
    ...command,
  ])
  return container
}

/** Runs one of the entrypoint's commands to its end; gives its exit code and what it printed. */
export async function runMedusa(
  command: string[],
  environment: Record<string, string> = {},
): Promise<{ code: number; output: string }> {
  const { name } = await startMedusa('server', command, environment)
  const code = Number(await docker(['wait', name], 170_000))
  const output = await logs(name)
  await remove(name)
  return { code, output }
}

/** Starts the storefront; `api` is where it reaches Medusa. */
export async function startStorefront(api: string): Promise<Container> {
  const container = { name: 'rr-images-storefront', port: 29_680 }
  const cache = '/app/storefront/.next/cache'
  await start(container.name, [
    ...['--memory=768m', '--memory-swap=768m'],
    `--tmpfs=${cache}:rw,noexec,nosuid,nodev,size=256m,uid=${USER},gid=${USER}`,
    ...variables({
      ...STOREFRONT_ENVIRONMENT,
      MEDUSA_BACKEND_URL: api,
      HOSTNAME: '127.0.0.1',
      PORT: String(container.port),
    }),
    TAG.storefront,
  ])
  return container
}

export function logs(name: string): Promise<string> {
  return docker(['logs', name])
}

/** Sends SIGTERM and waits for the end; gives the exit code and how long it took. */
export async function terminate(name: string): Promise<{ code: number; seconds: number }> {
  const asked = Date.now()
  await docker(['kill', '--signal=TERM', name])
  const code = Number(await docker(['wait', name], 60_000))
  return { code, seconds: (Date.now() - asked) / 1000 }
}

async function remove(name: string): Promise<void> {
  await docker(['rm', '--force', '--volumes', name]).catch(() => undefined)
  started.delete(name)
}

/** Ends every container of these tests, and takes their files away. */
export async function removeAll(): Promise<void> {
  for (const name of started) await remove(name)
  rmSync(UPLOADS, { recursive: true, force: true })
}

/**
 * Waits until a container answers 2xx at a path.
 * @throws with its log when it ends instead, or after `seconds`
 */
export async function ready({ name, port }: Container, path: string, seconds = 60): Promise<void> {
  const until = Date.now() + seconds * 1000
  while (Date.now() < until) {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      signal: AbortSignal.timeout(3_000),
    }).catch(() => undefined)
    if (answer?.ok) return
    const running = await docker(['inspect', '--format', '{{.State.Running}}', name])
    if (running !== 'true') throw new Error(`${name} has ended:\n${await logs(name)}`)
    await delay(50)
  }
  throw new Error(`${name} is not ready after ${seconds} s:\n${await logs(name)}`)
}

const UNITS: Record<string, number> = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 }

/** Resident memory as Docker counts it (without the page cache), in MB (10^6 bytes). */
export async function memoryMb(name: string): Promise<number> {
  const usage = await docker(['stats', '--no-stream', '--format', '{{.MemUsage}}', name])
  const match = /^([\d.]+)([KMG]?i?B)/.exec(usage)
  if (!match) throw new Error(`docker stats says ${usage}`)
  return (Number(match[1]) * (UNITS[match[2] ?? ''] ?? 0)) / 1e6
}

/** A request whose body is still on its way: the server has begun it and cannot answer yet. */
export class HalfSent {
  private readonly socket: Socket
  private received = ''
  private readonly body: string

  constructor(port: number, path: string, headers: Record<string, string>, body: string) {
    this.body = body
    this.socket = connect(port, '127.0.0.1')
    this.socket.on('data', (chunk) => (this.received += chunk))
    const lines = [`POST ${path} HTTP/1.1`, `host: 127.0.0.1:${port}`, 'connection: close']
    const all = { ...headers, 'content-type': 'application/json', 'content-length': body.length }
    for (const [name, value] of Object.entries(all)) lines.push(`${name}: ${value}`)
    this.socket.write(`${lines.join('\r\n')}\r\n\r\n${body.slice(0, 1)}`)
  }

  /** Sends the rest; gives the answer's status. */
  async finish(): Promise<number> {
    const ended = new Promise<void>((resolve) => this.socket.once('close', () => resolve()))
    this.socket.write(this.body.slice(1))
    await ended
    const match = /^HTTP\/1\.1 (\d+)/.exec(this.received)
    if (!match) throw new Error(`no answer: ${this.received}`)
    return Number(match[1])
  }
}
