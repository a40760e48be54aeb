import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import provideTools from '../host/provide-tools.ts'
import { build } from './build.ts'
import { findProgram } from './machine.ts'
import { ROOT, shopEnvironment, TEST, type Variables } from './settings.ts'
import { buildTelemetry } from './start.ts'
import { Problem, run, step } from './steps.ts'
import { withTestShop } from './test-shop.ts'
import { TOTALS_FILE, type Totals } from './totals.ts'

const REPORTS = join(ROOT, '.data/reports')
const isRoot = process.getuid?.() === 0

/** Programs that tests need beside npm's: the names that each may have, and its Debian package. */
const TOOLS: { programs: string[]; package: string; forRoot?: true }[] = [
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
  { programs: ['debootstrap'], package: 'debootstrap', forRoot: true },
  { programs: ['systemd-nspawn'], package: 'systemd-container', forRoot: true },
]

function missingPackages(): string[] {
  return TOOLS.filter(({ forRoot }) => !forRoot || isRoot)
    .filter(({ programs }) => !findProgram(...programs))
    .map((tool) => tool.package)
}

async function installTools(): Promise<void> {
  await step('PostgreSQL, and Caddy, rclone and pg_dump new enough', async () => provideTools())
  const missing = missingPackages()
  if (missing.length === 0) return
  const names = missing.join(' ')
  if (!isRoot || !findProgram('apt-get')) {
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

/** The error that work ends with, if any: other work goes on. */
function ending(work: Promise<unknown>): Promise<Error | undefined> {
  return work.then(
    () => undefined,
    (failure: Error) => failure,
  )
}

/** Runs a suite of vitest to its end, failed or not; a run of no test is a failure. */
async function vitest(
  name: string,
  cwd: string,
  config: string[],
  env: Variables,
): Promise<Totals> {
  const file = join(REPORTS, `${name}.json`)
  rmSync(file, { force: true })
  const reporters = ['default', join(import.meta.dirname, 'totals.ts')]
  const command = ['vitest', 'run', ...config, ...reporters.map((each) => `--reporter=${each}`)]
  const options = { cwd: join(ROOT, cwd), env: { ...env, [TOTALS_FILE]: file }, show: true }
  const error = await step(`tests of ${name}`, () => ending(run(command, options)))
  if (!existsSync(file)) throw new Problem(`the tests of ${name} left no totals`)
  const totals: Totals = JSON.parse(readFileSync(file, 'utf8'))
  if (totals.passed + totals.failed.length === 0) throw new Problem(`${name} has run no test`)
  if (error && totals.failed.length === 0) totals.failed.push(`${name}: ${error.message}`)
  return totals
}

/** Checks the types of every workspace. */
async function types(env: Variables): Promise<void> {
  for (const workspace of ['app', 'storefront', 'dev']) {
    const cwd = join(ROOT, workspace)
    await step(`types of ${workspace}`, async () => {
      if (workspace === 'storefront') await run(['next', 'typegen'], { cwd, env })
      await run(['tsc', '--noEmit'], { cwd, env, show: true })
      // The admin's widgets run in a browser: other types.
      if (workspace === 'app')
        await run(['tsc', '--noEmit', '-p', 'src/admin'], { cwd, env, show: true })
      // These import the app's own files.
      if (workspace === 'dev')
        await run(['tsc', '--noEmit', '-p', 'payments'], { cwd, env, show: true })
    })
  }
}

/** Runs integration tests and the browser journey against a whole shop of its own. */
function shopTests(): Promise<Totals> {
  return withTestShop((_, env) => vitest('shop', 'dev', ['--config', 'vitest.shop.config.ts'], env))
}

/** Whether a Docker engine can be run here: as root, with dockerd installed. */
const hasEngine = () => isRoot && findProgram('dockerd') !== undefined

/** Builds the rehearsal's images from what other work leaves of the machine; the rehearsal says if it failed. */
async function rehearsedImages(env: Variables): Promise<void> {
  if (!hasEngine()) return
  const command = ['nice', '-n', '19', 'dev/rehearsal/rehearse', '--images']
  await step('images to rehearse with', () => ending(run(command, { cwd: ROOT, env })))
}

/**
 * The short rehearsal.
 * @returns what the totals say of it
 */
async function rehearsal(env: Variables): Promise<{ failed: boolean; words: string }> {
  if (!hasEngine()) return { failed: false, words: 'rehearsal not run: no Docker engine here' }
  const command = ['dev/rehearsal/rehearse', '--short']
  const error = await step('rehearsal', () => ending(run(command, { cwd: ROOT, env, show: true })))
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
  await step('types of telemetry', buildTelemetry)
  const totals: Totals[] = []
  const units = async () => {
    for (const workspace of ['telemetry', 'app', 'storefront', 'dev'])
      totals.push(await vitest(workspace, workspace, [], plain))
  }
  // A compiler uses one core. A wrong type ends the run, but not before the tests have been told of.
  const [wrongTypes] = await Promise.all([ending(types(plain)), units()])
  if (wrongTypes) throw wrongTypes
  // Side by side, in two lanes of about the same time. `boot` has a machine of its own, with systemd as its
  // first process.
  const lanes = [
    ['host', 'deploy', 'watch'],
    ['backup', 'payments', ...(isRoot ? ['boot'] : [])],
  ]
  const suites = lanes.map(async (names) => {
    for (const name of names)
      totals.push(await vitest(name, 'dev', ['--config', `vitest.${name}.config.ts`], plain))
  })
  await Promise.all(suites)
  const images = rehearsedImages(plain)
  await build(shopEnvironment(TEST, true))
  totals.push(await shopTests())
  await images
  const rehearsed = await rehearsal(plain)
  const passed = totals.reduce((sum, each) => sum + each.passed, 0)
  const failed = totals.flatMap((each) => each.failed)
  rmSync(TEST.data, { recursive: true, force: true })
  const seconds = Math.round((Date.now() - started) / 1000)
  for (const each of failed) console.log(`\n✗ ${each}`)
  const booted = isRoot ? '' : 'units not run on systemd: that needs root; '
  console.log(
    `\n${passed} passed, ${failed.length} failed; ${booted}${rehearsed.words} (${seconds} s)`,
  )
  process.exit(failed.length === 0 && !rehearsed.failed ? 0 : 1)
}
