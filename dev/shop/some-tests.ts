// npm run test:shop -- FILE…: some of the tests that speak to a whole shop, as `npm test` runs them all.
// With NO_BUILD=1 the apps are taken as they were built the last time.
import { join } from 'node:path'
import { build } from './build.ts'
import { ROOT, shopEnvironment, TEST } from './settings.ts'
import { buildTelemetry } from './start.ts'
import { run } from './steps.ts'
import { withTestShop } from './test-shop.ts'

if (!process.env.NO_BUILD) {
  await buildTelemetry()
  await build(shopEnvironment(TEST, true))
}
const command = ['vitest', 'run', '--config', 'vitest.shop.config.ts', ...process.argv.slice(2)]
const failed = await withTestShop((_, env) =>
  run(command, { cwd: join(ROOT, 'dev'), env, show: true }).then(
    () => false,
    () => true,
  ),
)
process.exit(failed ? 1 : 0)
