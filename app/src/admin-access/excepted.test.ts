import { expect, it } from 'vitest'
import { readEnvironment } from '../environment'
import { exceptedPassword } from './excepted'

it('production takes no weak password at all, also not the one of development', () => {
  const development = readEnvironment({})
  expect(exceptedPassword(development)).toBe('research-relay')
  expect(exceptedPassword({ ...development, production: true })).toBeUndefined()
})
