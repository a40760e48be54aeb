import { appendFileSync, cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { provideCaddy, provideNewerPrograms } from '../host/tools.ts'
import { startControl } from './control.ts'
import { findProgram } from './machine.ts'
import { ADMIN, ROOT, shopEnvironment, TEST, type Variables } from './settings.ts'
import { startShop } from './start.ts'
import { Problem, run, step } from './steps.ts'
import type { Supervisor } from './supervisor.ts'

const REPORTS = join(ROOT, '.data/reports')
const LOGS = join(ROOT, '.data/test/logs')
const report = z.object({ numPassedTests: z.number(), numFailedTests: z.number() })

interface Totals {
  passed: number
  failed: number
}

/** Programs that tests need beside npm's: the names that each may have, and its Debian package. */
const TOOLS: { programs: string[]; package: string }[] = [
  { programs: ['redis-server'], package: 'redis-server' },
  { programs: ['chromium', 'chromium-browser', 'google-chrome'], package: 'chromium' },
  { programs: ['nix-instantiate'], package: 'nix-bin' },
  { programs: ['shellcheck'], package: 'shellcheck' },
  { programs: ['psql'], package: 'postgresql-client' },
  { programs: ['jq'], package: 'jq' },
  { programs: ['curl'], package: 'curl' },
  { programs: ['zstd'], package: 'zstd' },
  { programs: ['systemd-analyze'], package: 'systemd' },
  { programs: ['ip'], package: 'iproute2' },
  { programs: ['unshare'], package: 'util-linux' },
]

function missingPackages(): string[] {
  return TOOLS.filter(({ programs }) => !findProgram(...programs)).map((tool) => tool.package)
}

async function installTools(): Promise<void> {
  await step('a Caddy new enough', async () => provideCaddy())
  await step('rclone and pg_dump new enough', async () => provideNewerPrograms())
  const missing = missingPackages()
  if (missing.length === 0) return
  const names = missing.join(' ')
  if (process.getuid?.() !== 0 || !findProgram('apt-get')) {
    throw new Problem(`npm test needs ${names}; on Debian: sudo apt-get install -y ${names}`)
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  await step(`install ${names}`, async () => {
    await run(['apt-get', 'update', '-q'], { cwd: ROOT, env })
    // Debian starts a packaged Redis by itself; only its program is wanted.
    await run(['apt-get', 'install', '-y', '-q', '--no-install-recommends', ...missing], {
      cwd: ROOT,
      env: { ...env, RUNLEVEL: '1' },
    })
  })
}

/** Runs a suite of vitest to its end, failed or not; a run of no test is a failure. */
async function vitest(name: string, cwd: string, config: string[], env: Variables) {
  const file = join(REPORTS, `${name}.json`)
  rmSync(file, { force: true })
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  const command = ['vitest', 'run', ...config, ...reporters]
  const error = await step(`tests of ${name}`, () =>
    run(command, { cwd: join(ROOT, cwd), env, show: true }).then(
      () => undefined,
      (failure: unknown) => failure,
    ),
  )
  let totals: z.infer<typeof report>
  try {
    totals = report.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    throw new Problem(`the tests of ${name} left no report`)
  }
  if (totals.numPassedTests + totals.numFailedTests === 0) {
    throw new Problem(`${name} has run no test`)
  }
  // A suite that breaks outside its tests (an import, a hook) fails without a failed test.
  const failed = error && totals.numFailedTests === 0 ? 1 : totals.numFailedTests
  return { passed: totals.numPassedTests, failed }
}

/** What the images carry: Medusa compiled, the storefront as Next's standalone server. */
async function build(env: Variables): Promise<void> {
  const storefront = join(ROOT, 'storefront')
  // Both want production's own NODE_ENV rules.
  const buildEnv = { ...env, NODE_ENV: 'production' }
  await step('build app', () => run(['medusa', 'build'], { cwd: join(ROOT, 'app'), env }))
  await step('build storefront', () => run(['next', 'build'], { cwd: storefront, env: buildEnv }))
  const standalone = join(storefront, '.next/standalone/storefront')
  cpSync(join(storefront, '.next/static'), join(standalone, '.next/static'), { recursive: true })
}

/** Runs integration tests and the browser journey against a whole shop of its own. */
async function shopTests(): Promise<Totals> {
  mkdirSync(LOGS, { recursive: true })
  let supervisor: Supervisor | undefined
  try {
    const shop = await startShop(TEST, {
      reset: true,
      began: (begun) => {
        supervisor = begun
        for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
          process.once(signal, () => void begun.endAll().then(() => process.exit(1)))
        }
      },
      line: (name, line) => appendFileSync(join(LOGS, `${name}.log`), `${line}\n`),
      lost: (name, how) => console.error(`${name} ended by itself (${how}): see ${LOGS}`),
    })
    const address = (port: number) => `http://127.0.0.1:${port}`
    const env = shopEnvironment(TEST, shop.redis)
    return await vitest('shop', 'dev', ['--config', 'vitest.shop.config.ts'], {
      ...env,
      RR_API_URL: address(TEST.ports.server),
      RR_STOREFRONT_URL: address(TEST.ports.storefront),
      RR_BTCPAY_URL: address(TEST.ports.btcpay),
      RR_CONTROL_URL: await startControl(shop),
      RR_PUBLISHABLE_KEY: env.MEDUSA_PUBLISHABLE_KEY,
      RR_ADMIN_EMAIL: ADMIN.email,
      RR_ADMIN_PASSWORD: ADMIN.password,
      RR_REVALIDATE_SECRET: env.REVALIDATE_SECRET,
      RR_CHROMIUM: findProgram('chromium', 'chromium-browser', 'google-chrome'),
    })
  } finally {
    await supervisor?.endAll()
  }
}

/**
 * The short rehearsal, where a Docker engine can be run: as root, with dockerd installed.
 * @returns what the totals say of it
 */
async function rehearsal(env: Variables): Promise<{ failed: boolean; words: string }> {
  if (process.getuid?.() !== 0 || !findProgram('dockerd')) {
    return { failed: false, words: 'rehearsal not run: no Docker engine here' }
  }
  const error = await step('rehearsal', () =>
    run(['dev/rehearsal/rehearse', '--short'], { cwd: ROOT, env, show: true }).then(
      () => undefined,
      (failure: unknown) => failure,
    ),
  )
  return { failed: error !== undefined, words: error ? 'rehearsal failed' : 'rehearsal passed' }
}

/** `npm test`: lint, types, unit tests, builds, then the built shop in a real browser. */
export async function test(): Promise<void> {
  const started = Date.now()
  rmSync(TEST.data, { recursive: true, force: true })
  mkdirSync(REPORTS, { recursive: true })
  await installTools()
  const plain = { ...process.env, NEXT_TELEMETRY_DISABLED: '1', MEDUSA_DISABLE_TELEMETRY: 'true' }
  const show = true
  await step('lint and format', () => run(['biome', 'check', '.'], { cwd: ROOT, env: plain, show }))
  for (const workspace of ['app', 'storefront', 'dev']) {
    const cwd = join(ROOT, workspace)
    await step(`types of ${workspace}`, async () => {
      if (workspace === 'storefront') await run(['next', 'typegen'], { cwd, env: plain })
      await run(['tsc', '--noEmit'], { cwd, env: plain, show })
    })
  }
  const totals: Totals[] = []
  for (const workspace of ['app', 'storefront', 'dev']) {
    totals.push(await vitest(workspace, workspace, [], plain))
  }
  // Side by side: each of them mostly waits for what it watches.
  const suites = [
    ['host', 'deploy'],
    ['backup', 'watch'],
  ].map(async (names) => {
    for (const name of names)
      totals.push(await vitest(name, 'dev', ['--config', `vitest.${name}.config.ts`], plain))
  })
  await Promise.all(suites)
  await build(shopEnvironment(TEST, true))
  totals.push(await shopTests())
  const rehearsed = await rehearsal(plain)
  const passed = totals.reduce((sum, each) => sum + each.passed, 0)
  const failed = totals.reduce((sum, each) => sum + each.failed, 0)
  rmSync(TEST.data, { recursive: true, force: true })
  const seconds = Math.round((Date.now() - started) / 1000)
  console.log(`\n${passed} passed, ${failed} failed; ${rehearsed.words} (${seconds} s)`)
  process.exit(failed === 0 && !rehearsed.failed ? 0 : 1)
}
