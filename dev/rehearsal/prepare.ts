// Builds what a rehearsal needs and does not change while it runs: both images from the real Dockerfiles,
// and newer programs than this machine may have. What is there already is used again.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import provideTools from '../host/provide-tools.ts'
import { baseImage, DOCKER } from '../images/engine.ts'
import { ROOT } from '../shop/settings.ts'
import { step } from '../shop/steps.ts'
import { Engine } from './engine.ts'
import { BUILT, DATA, PUBLISHABLE_KEY, STAND_IN } from './settings.ts'

const engine = new Engine()

/** What decides an image's contents: its workspace, what both apps share, the lock, and how the tree is pruned. */
function fingerprint(workspace: string): string {
  const files = execFileSync(
    'git',
    [
      'ls-files',
      '-co',
      '--exclude-standard',
      workspace,
      'telemetry',
      'tsconfig.base.json',
      'package-lock.json',
      'dev/images/production-tree.ts',
    ],
    { cwd: ROOT, encoding: 'utf8' },
  )
  const hash = createHash('sha256')
  for (const path of files.split('\n').filter((each) => each && existsSync(join(ROOT, each))))
    hash.update(path).update(readFileSync(join(ROOT, path)))
  return hash.digest('hex')
}

async function labelOf(tag: string): Promise<string> {
  return engine
    .docker(['image', 'inspect', '--format', '{{index .Config.Labels "rr.rehearsal"}}', tag])
    .catch(() => '')
}

/** Without what `npm run` adds: the machine's own npm is asked where it lies, the project's Node has none. */
function machineEnvironment(): NodeJS.ProcessEnv {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('npm_'))
  return {
    ...Object.fromEntries(own),
    PATH: folders.filter((folder) => !folder.includes('node_modules')).join(delimiter),
  }
}

/** The pinned base where it can be pulled, or what stands for it. */
async function base(): Promise<string[]> {
  const pulled = await engine.docker(['pull', '-q', baseImage()], 30).then(
    () => true,
    () => false,
  )
  if (pulled) return []
  console.log(
    '! node:22-alpine cannot be pulled: a Debian stand-in is the base, musl is not covered',
  )
  if (!(await engine.docker(['image', 'inspect', STAND_IN]).catch(() => ''))) {
    await step('stand-in for node:22-alpine', async () => {
      execFileSync(join(ROOT, 'dev/images/stand-in-base'), [STAND_IN], {
        env: { ...machineEnvironment(), DOCKER_HOST: engine.env.DOCKER_HOST, RR_DOCKER: DOCKER },
        stdio: ['ignore', 'ignore', 'inherit'],
        timeout: 600_000,
      })
    })
  }
  return ['--build-arg', `NODE_IMAGE=${STAND_IN}`]
}

await engine.start()
try {
  const builds = [
    ['medusa', 'app', []],
    [
      'storefront',
      'storefront',
      [
        ...['--build-arg', 'NEXT_PUBLIC_MEDUSA_BACKEND_URL=https://api.shop.test'],
        ...['--build-arg', `NEXT_PUBLIC_MEDUSA_PUBLISHABLE_KEY=${PUBLISHABLE_KEY}`],
      ],
    ],
  ] as const
  const stale = []
  for (const build of builds)
    if ((await labelOf(BUILT[build[0]])) !== fingerprint(build[1])) stale.push(build)
  const on = stale.length > 0 ? await base() : []
  for (const [app, workspace, args] of stale) {
    const log = join(DATA, `build-${app}.log`)
    rmSync(log, { force: true })
    await step(`image of ${app}`, () =>
      engine.build(
        [
          ...['--network=host', '--file', `${workspace}/Dockerfile`, '--tag', BUILT[app]],
          ...['--label', `rr.rehearsal=${fingerprint(workspace)}`, ...on, ...args, ROOT],
        ],
        log,
      ),
    )
  }
} finally {
  await engine.stop()
}

await step('PostgreSQL, and Caddy, rclone and pg_dump new enough', async () => provideTools())
