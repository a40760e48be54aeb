import { expect, it } from 'vitest'
import { AdminSessions } from './admin-sessions'
import { SESSIONS_PER_ADMIN } from './session'

it('ends the oldest session of an admin when there are too many, and of nobody else', async () => {
  const sessions = new AdminSessions(undefined)
  const ended: string[] = []
  await sessions.begin('user_2', 'other')
  for (let i = 0; i < SESSIONS_PER_ADMIN + 2; i++) {
    ended.push(...(await sessions.begin('user_1', `s${i}`)))
  }
  expect(ended).toEqual(['s0', 's1'])
})

it('begins none when Redis is away, and does not wait for it', async () => {
  const sessions = new AdminSessions('redis://127.0.0.1:26799')
  await expect(sessions.begin('user_1', 's')).rejects.toThrow()
  sessions.close()
})
