import type { MedusaContainer } from '@medusajs/framework/types'
import { Modules } from '@medusajs/framework/utils'
import { describe, expect, it } from 'vitest'
import { actorStands, standingOf } from './standing'

const NOW = 1_764_000_000_000
const SIGNED_IN = {
  actor_type: 'user',
  actor_id: 'user_1',
  auth_identity_id: 'authid_1',
  iat: NOW / 1_000 - 600,
}

interface Key {
  id: string
  created_by: string
  revoked_at?: Date | null
}
interface Kept {
  users?: string[]
  keys?: Key[]
  /** The admin of the one identity; null: none yet. */
  owner?: string | null
  identities?: string[]
  passwordSet?: number
}

/** Medusa's modules, as far as they are asked. */
function scope(kept: Kept): MedusaContainer {
  const { users = ['user_1'], keys = [], owner = 'user_1', identities = ['authid_1'] } = kept
  const has = (ids: string[], all: string[]) => ids.filter((id) => all.includes(id))
  const modules: Record<string, object> = {
    [Modules.USER]: {
      listUsers: async ({ id }: { id: string[] }) => has(id, users).map((each) => ({ id: each })),
    },
    [Modules.API_KEY]: {
      listApiKeys: async ({ id }: { id: string[] }) => keys.filter((key) => id.includes(key.id)),
    },
    [Modules.AUTH]: {
      listAuthIdentities: async ({ id }: { id: string[] }) =>
        has(id, identities).map((each) => ({
          id: each,
          app_metadata: owner ? { user_id: owner } : null,
          provider_identities: [
            { provider: 'emailpass', updated_at: new Date(kept.passwordSet ?? NOW - 86_400_000) },
          ],
        })),
    },
  }
  return { resolve: (name: string) => modules[name] } as unknown as MedusaContainer
}

const stands = (kept: Kept, change: object = {}) =>
  standingOf(scope(kept), { ...SIGNED_IN, ...change }, NOW)

describe('a sign-in', () => {
  it('stands while its admin exists', async () => {
    expect(await stands({})).toEqual({ userId: 'user_1' })
  })

  it('ends when the admin is removed, or the login', async () => {
    expect(await stands({ users: [] })).toBeUndefined()
    expect(await stands({ identities: [] })).toBeUndefined()
  })

  it('of an account that was removed and invited again is not of the new one', async () => {
    expect(await stands({ users: ['user_2'], owner: 'user_2' })).toBeUndefined()
  })

  it('ends with a new password', async () => {
    expect(await stands({ passwordSet: NOW - 1_000 })).toBeUndefined()
  })

  it('without an admin, as before the second factor, is of the admin whose login it is', async () => {
    expect(await stands({}, { actor_id: '' })).toEqual({ userId: 'user_1' })
    expect(await stands({ users: [] }, { actor_id: '' })).toBeUndefined()
    expect(await stands({ owner: null }, { actor_id: '' })).toEqual({ userId: undefined })
  })

  it.each([
    [{ actor_type: 'customer' }],
    [{ auth_identity_id: undefined }],
    [{ actor_id: 'user_2' }],
    [{ iat: undefined }],
  ])('that is %j does not stand', async (change) => {
    expect(await stands({}, change)).toBeUndefined()
  })
})

describe('a secret key', () => {
  const keys = [
    { id: 'apk_1', created_by: 'user_1' },
    { id: 'apk_2', created_by: 'apk_1' },
    { id: 'apk_seed', created_by: '' },
    { id: 'apk_job', created_by: 'a script' },
    { id: 'apk_orphan', created_by: 'apk_gone' },
    { id: 'apk_circle', created_by: 'apk_circle' },
  ]

  it.each(['apk_1', 'apk_2'])('%s stands while who made it exists', async (id) => {
    expect(await actorStands(scope({ keys }), id, NOW)).toBe(true)
    expect(await actorStands(scope({ keys, users: [] }), id, NOW)).toBe(false)
  })

  it.each(['apk_seed', 'apk_job', 'apk_orphan', 'apk_circle', 'apk_none'])(
    '%s, which no admin answers for, does not',
    async (id) => {
      expect(await actorStands(scope({ keys }), id, NOW)).toBe(false)
    },
  )

  it('made by one that was revoked ends with it, on the day that was named', async () => {
    const revoked = (revoked_at: Date) =>
      scope({ keys: keys.map((key) => (key.id === 'apk_1' ? { ...key, revoked_at } : key)) })
    expect(await actorStands(revoked(new Date(NOW + 1_000)), 'apk_2', NOW)).toBe(true)
    expect(await actorStands(revoked(new Date(NOW - 1_000)), 'apk_2', NOW)).toBe(false)
  })
})
