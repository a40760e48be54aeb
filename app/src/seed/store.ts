import type { MedusaContainer } from '@medusajs/framework/types'
import { Modules } from '@medusajs/framework/utils'
import { createSalesChannelsWorkflow, updateStoresWorkflow } from '@medusajs/medusa/core-flows'

const CHANNEL = 'Online shop'

/** Names the store, its currencies and its sales channel. */
export async function seedStore(
  container: MedusaContainer,
): Promise<{ added: number; salesChannelId: string }> {
  let added = 0
  const channels = container.resolve(Modules.SALES_CHANNEL)
  let [channel] = await channels.listSalesChannels({ name: CHANNEL })
  if (!channel) {
    const { result } = await createSalesChannelsWorkflow(container).run({
      input: { salesChannelsData: [{ name: CHANNEL, description: 'research-relay.com' }] },
    })
    channel = result[0]
    added++
  }
  if (!channel) throw new Error('seed: the sales channel was not made')
  const [store] = await container.resolve(Modules.STORE).listStores()
  if (store && store.default_sales_channel_id !== channel.id) {
    await updateStoresWorkflow(container).run({
      input: {
        selector: { id: store.id },
        update: {
          name: 'Research Relay',
          default_sales_channel_id: channel.id,
          supported_currencies: [
            { currency_code: 'eur', is_default: true, is_tax_inclusive: true },
            { currency_code: 'usd', is_default: false },
          ],
        },
      },
    })
    added++
  }
  return { added, salesChannelId: channel.id }
}
