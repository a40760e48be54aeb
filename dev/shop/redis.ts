import { mkdirSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Settings } from './settings.ts'
import { Problem } from './steps.ts'
import type { Supervisor } from './supervisor.ts'

/** What a server keeps through a restart, and what it does when it is full. */
const KEEPS = ['--appendonly', 'yes', '--maxmemory-policy', 'noeviction']
const FORGETS = ['--appendonly', 'no', '--maxmemory-policy', 'volatile-ttl']

/** Starts Redis on 127.0.0.1 with the persistence that the host has, too: one server, or three. */
export async function startRedis(
  program: string,
  settings: Settings,
  supervisor: Supervisor,
): Promise<void> {
  const { redis, redisSessions, redisCache } = settings.ports
  await startServer(program, 'redis', redis, KEEPS, settings, supervisor)
  if (redisSessions)
    await startServer(program, 'redis-sessions', redisSessions, KEEPS, settings, supervisor)
  if (redisCache)
    await startServer(program, 'redis-cache', redisCache, FORGETS, settings, supervisor)
}

async function startServer(
  program: string,
  name: string,
  port: number,
  policy: string[],
  settings: Settings,
  supervisor: Supervisor,
): Promise<void> {
  const cwd = join(settings.data, name)
  mkdirSync(cwd, { recursive: true })
  supervisor.start({
    name,
    command: [
      program,
      ...['--port', String(port), '--bind', '127.0.0.1', '--dir', '.', '--loglevel', 'warning'],
      ...['--save', '', ...policy],
    ],
    cwd,
    env: process.env,
    store: true,
  })
  const until = Date.now() + 15_000
  while (!(await accepts(port))) {
    if (!supervisor.has(name)) throw new Problem(`${name} ended, see its last lines`)
    if (Date.now() > until) throw new Problem(`${name} did not listen within 15 s`)
    await delay(50)
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', timeout: 1_000 })
    const end = (accepted: boolean) => {
      socket.destroy()
      resolve(accepted)
    }
    socket.once('connect', () => end(true))
    socket.once('error', () => end(false))
    socket.once('timeout', () => end(false))
  })
}
