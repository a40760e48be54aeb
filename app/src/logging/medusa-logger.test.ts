import { openLog } from '@rr-bizops/telemetry/logging/record'
import { beforeAll, describe, expect, it } from 'vitest'
import { medusaLogger } from './medusa-logger'

const lines: string[] = []

/** What was logged since, parsed. */
function logged(work: () => void): Record<string, unknown>[] {
  lines.length = 0
  work()
  return lines.map((each) => JSON.parse(each))
}

beforeAll(() => openLog({ app: 'medusa-worker', least: 'info', write: (each) => lines.push(each) }))

describe("Medusa's logger", () => {
  const logger = medusaLogger()

  it('writes records, whatever Medusa hands over', () => {
    const said = logged(() => {
      logger.info('plain')
      logger.warn(new Error('tried again') as unknown as string)
      logger.error('while paying', new Error('refused'))
      logger.error(new Error('alone'))
      logger.error(JSON.parse('{"message":"of a step","stack":"Error: of a step\\n at step"}'))
      logger.log('warn', 'as winston')
      logger.log({ odd: true })
      logger.debug('quiet')
    })
    expect(said).toMatchObject([
      { level: 'info', message: 'plain' },
      { level: 'warn', message: 'tried again', stack: expect.stringContaining('at ') },
      { level: 'error', message: 'while paying: refused', stack: expect.stringContaining('at ') },
      { level: 'error', message: 'alone' },
      { level: 'error', message: 'of a step', stack: 'Error: of a step\n at step' },
      { level: 'warn', message: 'as winston' },
      { level: 'info', message: '{ odd: true }' },
    ])
  })

  it('tells how long an activity took', () => {
    const [done] = logged(() => {
      logger.success(logger.activity('Creating server'), 'Server is ready')
    })
    expect(done).toMatchObject({ message: 'Server is ready', durationMs: expect.any(Number) })
  })

  it("keeps Medusa's own lines of requests away, which have query and address", () => {
    // At debug, too, where it asks.
    openLog({ app: 'medusa-server', least: 'debug', write: (each) => lines.push(each) })
    expect(logger.shouldLog('http')).toBe(false)
    expect(logger.shouldLog('debug')).toBe(true)
    openLog({ app: 'medusa-worker', least: 'info', write: (each) => lines.push(each) })
    expect(logger.shouldLog('info')).toBe(true)
    expect(logger.shouldLog('debug')).toBe(false)
  })
})
