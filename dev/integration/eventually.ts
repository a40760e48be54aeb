import { setTimeout as delay } from 'node:timers/promises'

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
