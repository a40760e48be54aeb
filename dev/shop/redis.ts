import { mkdirSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Settings } from './settings.ts'
import { Problem } from './steps.ts'
import type { Supervisor } from './supervisor.ts'

/** Starts Redis on 127.0.0.1 with the persistence that the host has, too. */
export async function startRedis(
  program: string,
  settings: Settings,
  supervisor: Supervisor,
): Promise<void> {
  const cwd = join(settings.data, 'redis')
  mkdirSync(cwd, { recursive: true })
  const port = settings.ports.redis
  supervisor.start({
    name: 'redis',
    command: [
      program,
      ...['--port', String(port), '--bind', '127.0.0.1', '--dir', '.', '--loglevel', 'warning'],
      // An evicted key would be a lost job.
      ...['--appendonly', 'yes', '--save', '', '--maxmemory-policy', 'noeviction'],
    ],
    cwd,
    env: process.env,
    store: true,
  })
  const until = Date.now() + 15_000
  while (!(await accepts(port))) {
    if (!supervisor.has('redis')) throw new Problem('Redis ended, see its last lines')
    if (Date.now() > until) throw new Problem('Redis did not listen within 15 s')
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
