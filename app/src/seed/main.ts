import type { ExecArgs } from '@medusajs/framework/types'
import { essentials } from './essentials'
import { seedProducts } from './products'
import { Steps } from './steps'

/**
 * Fills an empty shop with the sample catalogue: `medusa exec ./src/seed/main.ts`.
 * Each step looks for what is there by name or handle and adds what is missing, so a second run
 * changes nothing and a run after a failure completes the first.
 */
export default async function seed({ container }: ExecArgs): Promise<void> {
  const steps = new Steps(container)
  const shop = await essentials(container, steps)
  await steps.run('products, pictures and stock', () => seedProducts(container, shop))
  steps.end()
}
