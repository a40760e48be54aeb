import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { Problem } from './steps.ts'
import { signalGroup } from './supervisor.ts'

/** A process and the moment of its start (clock ticks since boot), since numbers are used again. */
const identity = z.object({ pid: z.number(), started: z.string() })
const lease = z.object({
  boot: z.string(),
  runner: identity,
  processes: z.array(identity.extend({ name: z.string() })),
})
type Lease = z.infer<typeof lease>

/** Time that processes of a killed earlier run get for a clean end. */
const SWEEP_MS = 5_000

/** Start of a process as /proc/PID/stat tells it (field 22); undefined when it does not run. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return undefined
  }
}

function boot(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
}

function runs({ pid, started }: { pid: number; started: string }): boolean {
  return startOf(pid) === started
}

function read(path: string): Lease | undefined {
  try {
    const found = lease.parse(JSON.parse(readFileSync(path, 'utf8')))
    return found.boot === boot() ? found : undefined
  } catch {
    // Absent, or cut off by a power loss: then nothing of that run lives.
    return undefined
  }
}

/**
 * Takes the data folder for this run, and ends what a killed earlier run has left behind.
 * @returns how to note the processes that run now (an empty list gives the folder back)
 * @throws Problem when another run holds it
 */
export async function takeFolder(
  data: string,
): Promise<(processes: { name: string; pid: number }[]) => void> {
  mkdirSync(data, { recursive: true })
  const path = join(data, 'run.json')
  const earlier = read(path)
  if (earlier && runs(earlier.runner)) {
    throw new Problem(
      `the shop runs already (process ${earlier.runner.pid}): use it, or end it with: kill ${earlier.runner.pid}`,
    )
  }
  const left = earlier?.processes.filter(runs) ?? []
  if (left.length > 0) {
    console.log(`an earlier run was killed; ending ${left.map(({ name }) => name).join(', ')}`)
    for (const { name, pid } of left) signalGroup(pid, name === 'postgresql' ? 'SIGINT' : 'SIGTERM')
    const until = Date.now() + SWEEP_MS
    while (left.some(runs) && Date.now() < until) await delay(50)
    for (const { pid } of left) signalGroup(pid, 'SIGKILL')
    while (left.some(runs)) await delay(50)
  }
  const runner = { pid: process.pid, started: startOf(process.pid) ?? '' }
  const note = (processes: { name: string; pid: number }[]) => {
    const known = processes.map((each) => ({ ...each, started: startOf(each.pid) ?? '' }))
    writeFileSync(path, JSON.stringify({ boot: boot(), runner, processes: known }))
  }
  note([])
  process.once('exit', () => rmSync(path, { force: true }))
  return note
}
