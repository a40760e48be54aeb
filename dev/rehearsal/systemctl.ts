// The part of systemctl that rr-deploy and rr-env call, on a machine without systemd: units are those of
// RR_UNITS/units.json, each run by unit-runner.ts. Called by the script `systemctl`.
import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { UnitFile } from './units.ts'

const folder = process.env.RR_UNITS ?? ''
const units = new UnitFile(folder).read()
const words = process.argv.slice(2).filter((word) => !word.startsWith('-'))
const [command = '', ...patterns] = words

function pidOf(name: string): number | undefined {
  try {
    const pid = Number(readFileSync(join(folder, 'running', `${name}.pid`), 'utf8'))
    process.kill(pid, 0)
    return pid
  } catch {
    return undefined
  }
}

async function start(name: string): Promise<void> {
  if (pidOf(name)) return
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'unit-runner.ts'), folder, name],
    {
      detached: true,
      stdio: 'ignore',
    },
  )
  child.unref()
  // "started" says no more than that the process is there, as with Type=simple.
  for (let tries = 0; tries < 100 && !pidOf(name) && child.exitCode === null; tries++)
    await delay(20)
}

async function stop(name: string): Promise<void> {
  const pid = pidOf(name)
  if (!pid) return
  process.kill(pid, 'SIGTERM')
  while (pidOf(name)) await delay(20)
}

function reload(name: string): number {
  const [program = '', ...args] = units[name]?.reload ?? []
  const env = { ...process.env, ...units[name]?.env }
  return spawnSync(program, args, { stdio: 'inherit', timeout: 60_000, env }).status ?? 1
}

/** Names without ".service"; a pattern matches what is loaded. */
const names = patterns.flatMap((pattern) => {
  const plain = pattern.replace(/\.service$/, '')
  if (!plain.includes('*')) return [plain]
  const matches = new RegExp(`^${plain.replaceAll('*', '.*')}$`)
  return Object.keys(units).filter((name) => matches.test(name))
})

for (const name of names) {
  if (!units[name]) {
    console.error(`Unit ${name}.service not found.`)
    process.exit(5)
  }
  if (command === 'start') await start(name)
  else if (command === 'stop') await stop(name)
  else if (command === 'restart' || (command === 'try-restart' && pidOf(name))) {
    await stop(name)
    await start(name)
  } else if (command === 'reload-or-restart') {
    if (!pidOf(name)) await start(name)
    else if (reload(name) !== 0) process.exit(1)
  } else if (command === 'is-active') process.exit(pidOf(name) ? 0 : 3)
  else if (!['try-restart', 'reset-failed', 'cat'].includes(command)) {
    console.error(`not known here: systemctl ${command}`)
    process.exit(1)
  }
}
