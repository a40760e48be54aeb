import { setTimeout as delay } from 'node:timers/promises'

/** What a rehearsal has seen: lines for the document. */
export class Report {
  private readonly lines: string[] = []

  say(line: string): void {
    this.lines.push(line)
  }

  /** Does some work and notes how long it took. */
  async timed<T>(what: string, work: () => Promise<T>): Promise<T> {
    const began = performance.now()
    const result = await work()
    this.say(`${what}: ${((performance.now() - began) / 1000).toFixed(1)} s`)
    return result
  }

  print(): void {
    console.log(`\nSeen on ${new Date().toISOString().slice(0, 10)}:\n${this.lines.join('\n')}`)
  }
}

/**
 * Asks again until `probe` gives a value; a thrown error counts as "not yet".
 * @param seconds how long to go on before the last error is thrown
 */
export async function eventually<T>(
  what: string,
  seconds: number,
  probe: () => Promise<T | undefined | false>,
): Promise<T> {
  const until = Date.now() + seconds * 1000
  let last: unknown
  while (Date.now() < until) {
    try {
      const value = await probe()
      if (value !== undefined && value !== false) return value
      last = undefined
    } catch (error) {
      last = error
    }
    await delay(250)
  }
  throw new Error(`${what}: not within ${seconds} s`, { cause: last })
}
