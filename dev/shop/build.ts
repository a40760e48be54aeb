import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, type Variables } from './settings.ts'
import { run, step } from './steps.ts'

/** What the images carry: Medusa compiled, the storefront as Next's standalone server. */
export async function build(env: Variables): Promise<void> {
  const storefront = join(ROOT, 'storefront')
  // Both want production's own NODE_ENV rules.
  const buildEnv = { ...env, NODE_ENV: 'production' }
  await step('build app', () => run(['medusa', 'build'], { cwd: join(ROOT, 'app'), env }))
  await step('build storefront', () => run(['next', 'build'], { cwd: storefront, env: buildEnv }))
  const standalone = join(storefront, '.next/standalone/storefront')
  cpSync(join(storefront, '.next/static'), join(standalone, '.next/static'), { recursive: true })
}
