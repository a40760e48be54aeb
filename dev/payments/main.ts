import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ROOT } from '../shop/settings.ts'

/** `npm run payments -- [--seed N] [--runs N]`: random sequences for longer, or those of a seed again. */
const { values } = parseArgs({
  options: { seed: { type: 'string' }, runs: { type: 'string', default: '10000' } },
})
for (const [name, value] of Object.entries(values)) {
  if (!/^\d{1,10}$/.test(value)) {
    console.error(`--${name} must be a whole number, not ${value}`)
    process.exit(2)
  }
}
const { status } = spawnSync(
  join(ROOT, 'node_modules/.bin/vitest'),
  ['run', '--config', 'vitest.payments.config.ts', 'payments/sequences.test.ts'],
  {
    cwd: join(ROOT, 'dev'),
    stdio: 'inherit',
    env: {
      ...process.env,
      RR_PAYMENTS_RUNS: values.runs,
      RR_PAYMENTS_SEED: values.seed ?? String(Date.now() % 2 ** 31),
    },
  },
)
process.exit(status ?? 1)
