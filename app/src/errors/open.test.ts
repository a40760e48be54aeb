import { currentReporter, report } from '@rr-bizops/telemetry/errors/current'
import { expect, it, vi } from 'vitest'
import { readEnvironment } from '../environment'
import { openMedusaErrors } from './open'

it.each([
  'https://nonsense',
  'not-an-address',
  `https://${'e0'.repeat(16)}:secret@o1.ingest.de.sentry.io/42`,
])('a DSN that is none (%s) costs one line, and the shop goes on', (dsn) => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined)
  openMedusaErrors(readEnvironment({ SENTRY_DSN: dsn }))
  expect(warn.mock.calls).toEqual([
    ['warn: errors: SENTRY_DSN is no DSN of Sentry: nothing is sent'],
  ])
  expect(currentReporter()).toBeUndefined()
  expect(() => report(new Error('nobody hears this'), { by: 'test' })).not.toThrow()
  warn.mockRestore()
})
