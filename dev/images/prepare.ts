import { build, docker, TAG } from './engine.ts'
import { startStores } from './stores.ts'

/** Before all tests: both images from this checkout, and the stores. Without an engine nothing runs. */
export default async function prepare(): Promise<() => Promise<void>> {
  await docker(['version'], 10_000).catch((error: Error) => {
    throw new Error(
      `the tests of the images need a Docker engine, see docs/images.md: ${error.message}`,
    )
  })
  for (const app of ['medusa', 'storefront'] as const) await build(app, TAG[app])
  return startStores()
}
