import type { MedusaContainer } from '@medusajs/framework/types'
import { ContainerRegistrationKeys, Modules } from '@medusajs/framework/utils'
import {
  createApiKeysWorkflow,
  linkSalesChannelsToApiKeyWorkflow,
} from '@medusajs/medusa/core-flows'
import { environment, required } from '../environment'

const TITLE = 'Storefront'

/**
 * The storefront's key with the token of the environment: images carry it from their build, so it
 * must exist before the first deploy. Medusa draws tokens by chance, hence the one update by hand.
 */
export async function seedPublishableKey(
  container: MedusaContainer,
  salesChannelId: string,
): Promise<{ added: number }> {
  const token = required(environment(), 'MEDUSA_PUBLISHABLE_KEY')
  const keys = container.resolve(Modules.API_KEY)
  const [known] = await keys.listApiKeys({ token })
  let id = known?.id
  if (!id) {
    const [untokened] = await keys.listApiKeys({ title: TITLE, type: 'publishable' })
    id = untokened?.id
    if (!id) {
      const { result } = await createApiKeysWorkflow(container).run({
        input: { api_keys: [{ title: TITLE, type: 'publishable', created_by: 'seed' }] },
      })
      id = result[0]?.id
    }
    if (!id) throw new Error('seed: the publishable key was not made')
    const connection = container.resolve(ContainerRegistrationKeys.PG_CONNECTION)
    const redacted = `${token.slice(0, 6)}***${token.slice(-3)}`
    await connection('api_key').where({ id }).update({ token, redacted })
  }
  await linkSalesChannelsToApiKeyWorkflow(container).run({ input: { id, add: [salesChannelId] } })
  return { added: known ? 0 : 1 }
}
