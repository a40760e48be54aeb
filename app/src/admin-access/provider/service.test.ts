import type { AuthIdentityProviderService, Logger } from '@medusajs/framework/types'
import { MedusaError } from '@medusajs/framework/utils'
import { describe, expect, it } from 'vitest'
import { StrictEmailPass } from './service'

const EMAIL = 'owner@research-relay.com'
const GOOD = 'correct horse battery staple'
const WEAK = 'Password1234!'

/** Identities in memory, as Medusa hands them to a provider. */
function identities() {
  const kept = new Map<string, Record<string, unknown>>()
  const identity = (entity_id: string) => ({
    id: `authid_${entity_id}`,
    provider_identities: [
      { id: 'p', entity_id, provider: 'emailpass', provider_metadata: kept.get(entity_id) ?? {} },
    ],
  })
  const service: AuthIdentityProviderService = {
    retrieve: async ({ entity_id }) => {
      if (!kept.has(entity_id)) throw new MedusaError(MedusaError.Types.NOT_FOUND, 'none')
      return identity(entity_id)
    },
    create: async ({ entity_id, provider_metadata = {} }) => {
      kept.set(entity_id, provider_metadata)
      return identity(entity_id)
    },
    update: async (entity_id, { provider_metadata = {} }) => {
      kept.set(entity_id, provider_metadata)
      return identity(entity_id)
    },
    setState: async () => undefined,
    getState: async () => null,
  }
  return service
}

const provider = (except?: string) =>
  new StrictEmailPass({ logger: {} as Logger }, except ? { except } : {})
const body = (password: string, email = EMAIL) => ({
  actor_type: 'user',
  body: { email, password },
})

describe('the sign-in by password', () => {
  it('takes no weak password, whoever asks', async () => {
    const known = identities()
    expect(await provider().register(body(WEAK), known)).toMatchObject({
      success: false,
      error: expect.stringMatching(/easy to guess/),
    })
    expect(await provider().register(body(GOOD), known)).toMatchObject({ success: true })
    expect(await provider().update({ entity_id: EMAIL, password: WEAK }, known)).toMatchObject({
      success: false,
    })
    expect(await provider().authenticate(body(GOOD), known)).toMatchObject({ success: true })
    expect(await provider().authenticate(body(WEAK), known)).toMatchObject({ success: false })
  })

  it('takes the one that development starts with, and no other weak one', async () => {
    expect(
      await provider('research-relay').register(body('research-relay'), identities()),
    ).toMatchObject({ success: true })
    expect(await provider('research-relay').register(body(WEAK), identities())).toMatchObject({
      success: false,
    })
    expect(await provider().register(body('research-relay'), identities())).toMatchObject({
      success: false,
    })
  })

  it.each(['customer', 'USER', 'anyone', undefined])('lets nobody in as %s', async (actor) => {
    const known = identities()
    await provider().register(body(GOOD), known)
    const answers = await Promise.all(
      [GOOD, WEAK].map((password) =>
        provider().authenticate({ ...body(password), actor_type: actor } as object, known),
      ),
    )
    const error = 'Invalid email or password'
    expect(answers).toEqual([
      { success: false, error },
      { success: false, error },
    ])
  })

  it('answers an unknown account as a wrong password, and works as long for it', async () => {
    const known = identities()
    await provider().register(body(GOOD), known)
    const timed = async (email: string) => {
      const began = process.cpuUsage()
      const answer = await provider().authenticate(body('wrong', email), known)
      const { user, system } = process.cpuUsage(began)
      return { answer, ms: (user + system) / 1_000 }
    }
    const wrong = await timed(EMAIL)
    const unknown = await timed('nobody@example.org')
    expect(unknown.answer).toEqual(wrong.answer)
    expect(unknown.ms / wrong.ms).toBeGreaterThan(0.5)
  })
})
