import type { ExecArgs } from '@medusajs/framework/types'
import { seedAdmin } from './admin'
import { seedPublishableKey } from './publishable-key'
import { seedRegions } from './regions'
import { seedShipping } from './shipping'
import { Steps } from './steps'
import { seedStore } from './store'

/**
 * What a shop needs before its first product: `medusa exec ./src/seed/essentials.ts`. The first deploy
 * runs it in production; a second run changes nothing.
 */
export default async function seedEssentials({ container }: ExecArgs): Promise<void> {
  const steps = new Steps(container)
  await essentials(container, steps)
  steps.end()
}

/** The steps themselves; the sample catalogue goes on from what they return. */
export async function essentials(container: ExecArgs['container'], steps: Steps) {
  const store = await steps.run('store and sales channel', () => seedStore(container))
  await steps.run('regions and taxes', () => seedRegions(container))
  const shipping = await steps.run('stock location and delivery', () =>
    seedShipping(container, store.salesChannelId),
  )
  await steps.run('publishable key', () => seedPublishableKey(container, store.salesChannelId))
  await steps.run('admin', () => seedAdmin(container))
  return { ...store, ...shipping }
}
