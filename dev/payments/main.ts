import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ROOT } from '../shop/settings.ts'

/**
 * `npm run payments -- [--seed N] [--runs N]`: random sequences against the ledger for longer than `npm test`, or
 * those of a seed again. `--whole`: against the whole app. `--kills`: a settlement killed at every word that it
 * says to PostgreSQL and BTCPay. `--matrix`, `--backlog`: against a whole running shop.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    runs: { type: 'string' },
    whole: { type: 'boolean', default: false },
    kills: { type: 'boolean', default: false },
    matrix: { type: 'boolean', default: false },
    backlog: { type: 'boolean', default: false },
  },
})
for (const name of ['seed', 'runs'] as const) {
  const value = values[name]
  if (value !== undefined && !/^\d{1,10}$/.test(value)) {
    console.error(`--${name} must be a whole number, not ${value}`)
    process.exit(2)
  }
}
const tests = values.kills
  ? ['payments/real-shop.test.ts', '-t', 'a settlement that is killed']
  : values.whole
    ? ['payments/real-shop.test.ts', '-t', 'random sequences']
    : ['payments/sequences.test.ts']
const command =
  values.matrix || values.backlog
    ? [process.execPath, `payments/${values.matrix ? 'matrix' : 'backlog'}.ts`]
    : [
        join(ROOT, 'node_modules/.bin/vitest'),
        'run',
        '--config',
        'vitest.payments.config.ts',
        ...tests,
      ]
const [program = '', ...args] = command
const { status } = spawnSync(program, args, {
  cwd: join(ROOT, 'dev'),
  stdio: 'inherit',
  env: {
    ...process.env,
    RR_PAYMENTS_RUNS: values.runs ?? '10000',
    RR_PAYMENTS_WHOLE_RUNS: values.runs ?? '1000',
    RR_PAYMENTS_BACKLOG: values.runs ?? '500',
    RR_PAYMENTS_SEED: values.seed ?? String(Date.now() % 2 ** 31),
    ...(values.kills ? { RR_PAYMENTS_KILLS: '1' } : {}),
  },
})
process.exit(status ?? 1)
