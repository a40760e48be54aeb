import { afterEach, expect, it } from 'vitest'
import { closeCounters, counter, take } from './counters'

afterEach(closeCounters)

const NOBODY = 'redis://127.0.0.1:26799'

it('counts each key by itself, and tells how long to wait', async () => {
  const of = counter('test', { requests: 2, seconds: 60 }, undefined)
  expect([await take(of, 'a'), await take(of, 'a'), await take(of, 'b')]).toEqual([0, 0, 0])
  const wait = await take(of, 'a')
  expect(wait).toBeGreaterThan(55)
  expect(wait).toBeLessThanOrEqual(60)
  expect(await take(of, 'b')).toBe(0)
})

it('goes on alone, limited all the same, when Redis is away, and does not wait for it', async () => {
  const of = counter('test', { requests: 2, seconds: 60 }, NOBODY)
  const began = Date.now()
  const waits = [await take(of, 'a'), await take(of, 'a'), await take(of, 'a')]
  expect(waits.map((wait) => wait > 0)).toEqual([false, false, true])
  expect(Date.now() - began).toBeLessThan(500)
})

it('refuses nobody when a counter breaks', async () => {
  const of = counter('test', { requests: 0, seconds: 60 }, undefined)
  of.consume = () => Promise.reject(new Error('broken'))
  expect(await take(of, 'a')).toBe(0)
})
