import type { MedusaContainer } from '@medusajs/framework/types'
import { Modules } from '@medusajs/framework/utils'
import { createUserAccountWorkflow } from '@medusajs/medusa/core-flows'
import { environment } from '../environment'

/** The first admin, when the environment names one; an existing login is left as it is. */
export async function seedAdmin(container: MedusaContainer): Promise<{ added: number }> {
  const { ADMIN_EMAIL: email, ADMIN_PASSWORD: password } = environment()
  if (!email || !password) return { added: 0 }
  const [known] = await container.resolve(Modules.USER).listUsers({ email })
  if (known) return { added: 0 }
  const auth = container.resolve(Modules.AUTH)
  const [identity] = await auth.listAuthIdentities({
    provider_identities: { entity_id: email, provider: 'emailpass' },
  })
  let identityId = identity?.id
  if (!identityId) {
    const { authIdentity, error } = await auth.register('emailpass', { body: { email, password } })
    if (!authIdentity) throw new Error(`seed: the admin's login was not made: ${error}`)
    identityId = authIdentity.id
  }
  await createUserAccountWorkflow(container).run({
    input: {
      authIdentityId: identityId,
      userData: { email, first_name: 'Shop', last_name: 'Owner' },
    },
  })
  return { added: 1 }
}
