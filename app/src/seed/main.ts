import type { ExecArgs } from '@medusajs/framework/types'
import { ContainerRegistrationKeys } from '@medusajs/framework/utils'
import { seedAdmin } from './admin'
import { seedProducts } from './products'
import { seedPublishableKey } from './publishable-key'
import { seedRegions } from './regions'
import { seedShipping } from './shipping'
import { seedStore } from './store'

/**
 * Fills an empty shop with the sample catalogue: `medusa exec ./src/seed/main.ts`.
 * Each step looks for what is there by name or handle and adds what is missing, so a second run
 * changes nothing and a run after a failure completes the first.
 */
export default async function seed({ container }: ExecArgs): Promise<void> {
  const logger = container.resolve(ContainerRegistrationKeys.LOGGER)
  let added = 0
  const step = async <T extends { added: number }>(
    name: string,
    run: () => Promise<T>,
  ): Promise<T> => {
    const started = Date.now()
    const result = await run()
    added += result.added
    const what = result.added === 0 ? 'already there' : `${result.added} added`
    logger.info(`seed: ${name}: ${what} (${((Date.now() - started) / 1000).toFixed(1)} s)`)
    return result
  }

  const store = await step('store and sales channel', () => seedStore(container))
  await step('regions and taxes', () => seedRegions(container))
  const shipping = await step('stock location and delivery', () =>
    seedShipping(container, store.salesChannelId),
  )
  await step('publishable key', () => seedPublishableKey(container, store.salesChannelId))
  await step('products, pictures and stock', () =>
    seedProducts(container, { ...store, ...shipping }),
  )
  await step('admin', () => seedAdmin(container))
  logger.info(added === 0 ? 'seed: nothing to do' : `seed: done, ${added} added`)
}
