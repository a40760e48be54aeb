import { expect, it } from 'vitest'
import { hasRoom } from './redis-probe'

/** As Redis answers INFO memory, with its line ends. */
const info = (used: number, most: number, policy = 'noeviction') =>
  ['# Memory', `used_memory:${used}`, `maxmemory:${most}`, `maxmemory_policy:${policy}`, ''].join(
    '\r\n',
  )

it.each([
  ['with room', info(94, 100), true],
  ['nearly full', info(95, 100), false],
  ['over its bound', info(120, 100), false],
  ['that evicts', info(100, 100, 'volatile-ttl'), true],
  ['without a bound', info(1_000, 0), true],
] as const)('a server %s: %j', (_name, text, room) => {
  expect(hasRoom(text)).toBe(room)
})
