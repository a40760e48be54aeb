import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { ROOT } from '../surface/listed.ts'
import { eventually } from './eventually.ts'
import { call, shop } from './shop.ts'

/** A port of nobody else's; a second server of the same shop listens there. */
const PORT = 29_790

/** Where the server answers whose store API is open (`STORE_API=open`). */
export const OPEN_API = `http://127.0.0.1:${PORT}`

let server: ChildProcess | undefined

/** Starts the server beside the shop's own, on the same database: for `beforeAll`. */
export async function startOpenStoreApi(): Promise<void> {
  let printed = ''
  const started = spawn(
    join(ROOT, 'node_modules/.bin/medusa'),
    ['start', '--host', '127.0.0.1', '--port', String(PORT)],
    {
      cwd: join(ROOT, 'app/.medusa/server'),
      env: { ...process.env, STORE_API: 'open', MEDUSA_WORKER_MODE: 'server' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  server = started
  for (const stream of [started.stdout, started.stderr])
    stream?.on('data', (chunk) => {
      printed = (printed + chunk).slice(-5_000)
    })
  await eventually('a server with an open store API', 60, async () => {
    if (started.exitCode !== null) throw new Error(`it has ended:\n${printed}`)
    return (await fetch(`${OPEN_API}/health`)).ok
  })
}

/** Ends it: for `afterAll`. */
export async function endOpenStoreApi(): Promise<void> {
  const running = server
  server = undefined
  if (!running || running.exitCode !== null) return
  const ended = new Promise((resolve) => running.once('exit', resolve))
  running.kill('SIGTERM')
  await ended
}

const headers = () => ({
  'x-publishable-api-key': shop.publishableKey,
  'content-type': 'application/json',
})

/** One call of the open store API, by the publishable key alone; gives the answer, refused or not. */
export function askOpenStore(method: string, path: string, body?: unknown): Promise<Response> {
  return fetch(`${OPEN_API}/store${path}`, {
    method,
    headers: headers(),
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.timeout(30_000),
  })
}

/** As `store`, at the open store API; throws with status and body when the answer is not 2xx. */
export function openStore<T>(path: string, body?: unknown): Promise<T> {
  return call<T>(`${OPEN_API}/store${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: headers(),
    body: body === undefined ? undefined : JSON.stringify(body),
  })
}
