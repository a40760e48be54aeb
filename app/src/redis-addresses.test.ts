import { describe, expect, it } from 'vitest'
import { configuration } from './configuration'
import { readEnvironment } from './environment'
import { redisAddresses } from './redis-addresses'

const ONE = { REDIS_URL: 'redis://:p%40ss@127.0.0.1:6379/2' }
const THREE = { ...ONE, REDIS_SESSIONS_PORT: '6380', REDIS_CACHE_PORT: '6381' }

describe('the addresses of Redis', () => {
  it('differ in the port alone, so that one password opens all', () => {
    expect(redisAddresses(readEnvironment(THREE))).toEqual({
      queue: 'redis://:p%40ss@127.0.0.1:6379/2',
      sessions: 'redis://:p%40ss@127.0.0.1:6380/2',
      cache: 'redis://:p%40ss@127.0.0.1:6381/2',
    })
  })

  it('are one where no other port is named, and none without Redis', () => {
    const { REDIS_URL: url } = ONE
    expect(redisAddresses(readEnvironment(ONE))).toEqual({ queue: url, sessions: url, cache: url })
    expect(redisAddresses(readEnvironment({}))).toBeUndefined()
  })

  it.each(['0', '65536', '6380x', '-1'])('refuse the port %s', (port) => {
    expect(() => readEnvironment({ ...ONE, REDIS_SESSIONS_PORT: port })).toThrow(
      'REDIS_SESSIONS_PORT must be a port',
    )
  })
})

it('gives events, workflows and locks one server, sessions and the cache each another', () => {
  const { projectConfig, modules } = configuration(readEnvironment(THREE))
  expect(projectConfig?.redisUrl).toContain(':6380')
  const portsOf = (name: string) => {
    const found = (modules as { resolve?: string; options?: unknown }[]).find(
      ({ resolve }) => resolve === `@medusajs/medusa/${name}`,
    )
    return JSON.stringify(found?.options).match(/127\.0\.0\.1:(\d+)/g)
  }
  for (const name of ['event-bus-redis', 'workflow-engine-redis', 'locking']) {
    expect(portsOf(name), name).toEqual(['127.0.0.1:6379'])
  }
  expect(portsOf('caching')).toEqual(['127.0.0.1:6381'])
})
