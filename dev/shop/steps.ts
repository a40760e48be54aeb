import { spawn } from 'node:child_process'
import { setTimeout as delay } from 'node:timers/promises'
import type { Variables } from './settings.ts'

/** Nothing is silent for longer. */
const HEARTBEAT_MS = 4_000

/** A failure whose message alone tells the reader what to do; it is shown without a stack. */
export class Problem extends Error {
  override name = 'Problem'
}

/** One step of a start: one line at its end with its duration, and a sign of life before. */
export async function step<T>(name: string, work: () => Promise<T>): Promise<T> {
  const started = Date.now()
  const seconds = () => ((Date.now() - started) / 1000).toFixed(1)
  const heartbeat = setInterval(() => console.log(`  … ${name} (${seconds()} s)`), HEARTBEAT_MS)
  try {
    const result = await work()
    console.log(`✓ ${name} (${seconds()} s)`)
    return result
  } finally {
    clearInterval(heartbeat)
  }
}

/** Where and as whom a program runs. */
export interface RunOptions {
  cwd: string
  env: Variables
  uid?: number
  /** Passes the output on as it comes instead of returning it. */
  show?: boolean
}

/**
 * Runs a program to its end.
 * @throws Problem with the last lines of its output when it fails
 */
export async function run(command: string[], options: RunOptions): Promise<string> {
  const { uid, show, ...rest } = options
  const [program = '', ...args] = command
  const io = show ? 'inherit' : 'pipe'
  const child = spawn(program, args, { ...rest, uid, gid: uid, stdio: ['ignore', io, io] })
  let output = ''
  child.stdout?.on('data', (chunk) => (output += chunk))
  child.stderr?.on('data', (chunk) => (output += chunk))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code === 0) return output
  const tail = output.trim().split('\n').slice(-15).join('\n')
  throw new Problem(`${program} ${args[0] ?? ''} ended with ${code}${tail ? `:\n${tail}` : ''}`)
}

/**
 * Waits until an address answers 2xx.
 * @param alive false as soon as the process behind the address has ended
 * @throws Problem after `seconds`, or when the process has ended
 */
export async function answers(url: string, seconds: number, alive: () => boolean): Promise<void> {
  const until = Date.now() + seconds * 1000
  while (Date.now() < until) {
    if (!alive()) throw new Problem(`${url} will not answer: its process ended, see its last lines`)
    const response = await fetch(url, { signal: AbortSignal.timeout(20_000) }).catch(() => null)
    if (response?.ok) return
    await delay(150)
  }
  throw new Problem(`${url} did not answer within ${seconds} s`)
}
