import { execFileSync, spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Host } from './host.ts'
import type { Load } from './load.ts'
import type { App, Fault, Releases } from './releases.ts'
import type { Result } from './run.ts'
import { DATA } from './settings.ts'

/** What a scenario works with; `mark` puts a line into the timeline. */
export interface Stage {
  host: Host
  load: Load
  releases: Releases
  mark(text: string): void
  /** Seconds that a store is away. */
  awaySeconds: number
  /** The part of a deploy's time that a rollback may take: it has its image, its assets and its database. */
  rollbackShare: number
}

/** One scenario; `steady`: no request may fail, and none may be slow unless `timed` is false. */
export interface Scenario {
  number: number
  name: string
  steady: boolean
  /** False where the bars of time would measure something else: too few requests, or a build beside them. */
  timed?: boolean
  short: boolean
  /** Something is broken on purpose: a rehearsal that sees nothing has failed. */
  broken?: boolean
  run(stage: Stage): Promise<void>
}

function expectCode(result: Result, code: number): void {
  if (result.code !== code)
    throw new Error(`ended with ${result.code} instead of ${code}:\n${result.output}`)
}

/** Deploys by SSH, as the workflow does; each step is a mark. */
async function deploy(stage: Stage, words: string[], code = 0): Promise<Result> {
  stage.mark(`deploy ${words.filter((_, i) => i % 2 === 0).join(' and ')}`)
  const result = await stage.host.bySsh(['deploy', ...words], 'a-token\nrehearsal\n', (line) => {
    if (/^[✓✗]/.test(line)) stage.mark(line.trim())
  })
  expectCode(result, code)
  return result
}

async function runs(stage: Stage, app: App, sha: string): Promise<void> {
  const current = (await stage.host.status())[app]?.current
  if (current !== sha) throw new Error(`${app} runs ${current} instead of ${sha}`)
}

/** A rollback needs a release before; played alone, its scenario has none yet. */
async function twoReleases(stage: Stage): Promise<void> {
  if ((await stage.host.status()).storefront?.previous) return
  await deploy(stage, ['storefront', await stage.releases.publish('storefront')])
}

const bad = (app: App, fault: Fault) => async (stage: Stage) => {
  const before = (await stage.host.status())[app]?.current
  const sha = await stage.releases.publish(app, fault)
  stage.mark(`${app} that ${fault}`)
  await deploy(stage, [app, sha], 1)
  await runs(stage, app, String(before))
}

/** Ends rr-deploy with SIGKILL as soon as it has said a step, then deploys again. */
async function killAfter(stage: Stage, step: string): Promise<void> {
  const sha = await stage.releases.publish('medusa')
  let killed = false
  await stage.host.rrDeploy(['deploy', 'medusa', sha], {}, '', (line, child) => {
    if (killed || !line.includes(step) || child.pid === undefined) return
    killed = true
    stage.mark(`SIGKILL after ${step}`)
    process.kill(-child.pid, 'SIGKILL')
  })
  if (!killed) throw new Error(`there was no step ${step}`)
  await deploy(stage, ['medusa', sha])
  await runs(stage, 'medusa', sha)
}

export const scenarios: Scenario[] = [
  {
    number: 2,
    name: 'a deploy of both',
    steady: true,
    short: true,
    async run(stage) {
      const medusa = await stage.releases.publish('medusa')
      const storefront = await stage.releases.publish('storefront')
      await deploy(stage, ['medusa', medusa, 'storefront', storefront])
      await runs(stage, 'medusa', medusa)
      await runs(stage, 'storefront', storefront)
    },
  },
  {
    number: 3,
    name: 'a deploy of one',
    steady: true,
    short: false,
    async run(stage) {
      const before = (await stage.host.status()).medusa?.current
      const storefront = await stage.releases.publish('storefront')
      await deploy(stage, ['storefront', storefront])
      await runs(stage, 'storefront', storefront)
      await runs(stage, 'medusa', String(before))
    },
  },
  ...(
    [
      ['medusa', 'does not start'],
      ['medusa', 'is never ready'],
      ['medusa', 'answers 500'],
      ['storefront', 'answers 500'],
      ['medusa', 'eats memory'],
      ['medusa', 'has a failing migration'],
      ['medusa', 'has a hanging migration'],
    ] as const
  ).map(([app, fault]) => ({
    number: 4,
    name: `a release of ${app} that ${fault}`,
    steady: true,
    short: fault === 'does not start' || (app === 'storefront' && fault === 'answers 500'),
    run: bad(app, fault),
  })),
  {
    number: 5,
    name: 'a rollback',
    steady: true,
    short: true,
    async run(stage) {
      // A deploy of the same run is the measure: a slow machine fails nothing by itself.
      const deployed = await deploy(stage, [
        'storefront',
        await stage.releases.publish('storefront'),
      ])
      const before = (await stage.host.status()).storefront
      stage.mark('rollback storefront')
      const result = await stage.host.bySsh(['rollback', 'storefront'])
      expectCode(result, 0)
      stage.mark(`rolled back in ${result.seconds.toFixed(1)} s`)
      await runs(stage, 'storefront', String(before?.previous))
      const most = deployed.seconds * stage.rollbackShare
      if (result.seconds >= most)
        throw new Error(`took ${result.seconds.toFixed(1)} s, not under ${most.toFixed(1)}`)
    },
  },
  ...['pull', 'start', 'ready', 'try', 'switch', 'worker', 'watch', 'stop'].map((step) => ({
    number: 6,
    name: `SIGKILL of the deploy after "${step}", then again`,
    steady: true,
    short: false,
    run: (stage: Stage) => killAfter(stage, `medusa: ${step}`),
  })),
  {
    number: 8,
    name: 'two deploys at once',
    steady: true,
    short: false,
    async run(stage) {
      const first = await stage.releases.publish('storefront')
      const second = await stage.releases.publish('storefront')
      stage.mark('two deploys')
      const one = stage.host.bySsh(['deploy', 'storefront', first], 'a-token\nfirst\n')
      await delay(2_000)
      const two = await stage.host.bySsh(['deploy', 'storefront', second], 'a-token\nsecond\n')
      expectCode(await one, 0)
      expectCode(two, 0)
      if (!/waiting, .*by first/.test(two.output)) throw new Error(`did not wait:\n${two.output}`)
      await runs(stage, 'storefront', second)
    },
  },
  {
    number: 9,
    name: 'a disk that is full',
    steady: true,
    short: false,
    async run(stage) {
      const before = (await stage.host.status()).medusa?.current
      const sha = await stage.releases.publish('medusa')
      const deployFolder = join(DATA, 'state/deploy')
      stage.mark('the disk of the state is full')
      // A small file system in the place of the state's folder, filled to its last byte.
      const saved = `${deployFolder}.saved`
      execFileSync('cp', ['-a', deployFolder, saved])
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', deployFolder])
      execFileSync('cp', ['-a', `${saved}/.`, deployFolder])
      spawn('sh', ['-c', `cat /dev/zero >${deployFolder}/fill`], { stdio: 'ignore' })
      await delay(1_000)
      const result = await stage.host.bySsh(['deploy', 'medusa', sha], 'a-token\nrehearsal\n')
      execFileSync('rm', ['-f', `${deployFolder}/fill`])
      if (result.code === 0) throw new Error('a deploy on a full disk said that it worked')
      await runs(stage, 'medusa', String(before))
      execFileSync('umount', ['-l', deployFolder])
      rmSync(saved, { recursive: true, force: true })
      stage.mark('there is room again')
      await deploy(stage, ['medusa', sha])
      await runs(stage, 'medusa', sha)
    },
  },
  {
    number: 11,
    name: 'a prune of everything, then a rollback without a registry',
    steady: true,
    short: false,
    async run(stage) {
      await twoReleases(stage)
      const before = (await stage.host.status()).storefront
      await stage.releases.putAside()
      stage.mark('docker system prune --all')
      await stage.host.engine.docker(['system', 'prune', '--all', '--force'], 600)
      await stage.host.endRegistry()
      stage.mark('rollback storefront, without a registry')
      const result = await stage.host.bySsh(['rollback', 'storefront'])
      stage.mark(`rolled back in ${result.seconds.toFixed(1)} s`)
      await stage.releases.takeBack()
      stage.host.startRegistry()
      expectCode(result, 0)
      await runs(stage, 'storefront', String(before?.previous))
    },
  },
  {
    number: 10,
    name: 'the registry is away',
    steady: true,
    timed: false,
    short: false,
    async run(stage) {
      const before = (await stage.host.status()).medusa?.current
      const sha = await stage.releases.publish('medusa')
      await stage.host.endRegistry()
      stage.mark('no registry')
      await deploy(stage, ['medusa', sha], 1)
      await runs(stage, 'medusa', String(before))
      stage.host.startRegistry()
    },
  },
  ...(
    [
      ['PostgreSQL', (h: Host) => h.killPostgresql(), (h: Host) => h.startPostgresql()],
      ['Redis', (h: Host) => h.killRedis(), (h: Host) => h.startRedis()],
      ['BTCPay', (h: Host) => h.endBtcpay(), (h: Host) => h.startBtcpay()],
    ] as const
  ).map(([what, away, back]) => ({
    number: 10,
    name: `${what} is away for a while`,
    steady: false,
    short: false,
    async run(stage: Stage) {
      stage.mark(`${what} ends`)
      await away(stage.host)
      await delay(stage.awaySeconds * 1_000)
      stage.mark(`${what} is back`)
      await back(stage.host)
      await healthy(stage, 60)
    },
  })),
  {
    number: 7,
    name: 'a power loss and a boot',
    steady: false,
    short: false,
    async run(stage) {
      const before = await stage.host.status()
      stage.mark('power loss')
      await stage.host.powerLoss()
      await delay(2_000)
      stage.mark('boot')
      await stage.host.boot()
      await healthy(stage, 90)
      for (const app of ['medusa', 'storefront'] as const)
        await runs(stage, app, String(before[app]?.current))
    },
  },
  {
    number: 13,
    name: 'Redis loses everything that it held',
    steady: false,
    short: false,
    async run(stage) {
      stage.mark('Redis ends, and its files are gone')
      await stage.host.loseRedis()
      await delay(5_000)
      stage.mark('Redis is back, empty')
      await stage.host.startRedis()
      await healthy(stage, 60)
      // Payments and orders go on.
      const before = stage.load.paid()
      const until = Date.now() + 60_000
      while (stage.load.paid() < before + 2) {
        if (Date.now() > until) throw new Error('no order within a minute of an empty Redis')
        await delay(500)
      }
    },
  },
  {
    number: 14,
    name: 'GitHub and its registry are gone: a release by hand',
    steady: true,
    timed: false,
    short: false,
    async run(stage) {
      await stage.host.endRegistry()
      const sha = await stage.releases.byHand('storefront')
      stage.mark(`rr-deploy deploy storefront, as root, without a registry`)
      expectCode(await stage.host.rrDeploy(['deploy', 'storefront', sha]), 0)
      await runs(stage, 'storefront', sha)
      stage.host.startRegistry()
      stage.mark('GitHub is back')
      const next = await stage.releases.publish('storefront')
      await deploy(stage, ['storefront', next])
      await runs(stage, 'storefront', next)
    },
  },
  {
    number: 15,
    name: 'all certificates are made anew',
    steady: false,
    short: false,
    async run(stage) {
      stage.mark('Caddy forgets its certificates')
      await stage.host.newCertificates()
      stage.mark('Caddy serves with new ones')
      // Shoppers who trust the new ones.
      await stage.load.stop()
      stage.load.start(stage.host)
      await healthy(stage, 60)
    },
  },
  {
    number: 12,
    name: 'a switch that leads nowhere for 20 s: the rehearsal must see it',
    steady: false,
    short: true,
    broken: true,
    async run(stage) {
      const sha = await stage.releases.publish('storefront')
      stage.mark('deploy storefront with a broken switch')
      const mend = stage.host.breakTheSwitch()
      try {
        expectCode(await stage.host.rrDeploy(['deploy', 'storefront', sha]), 0)
      } finally {
        mend()
      }
      await runs(stage, 'storefront', sha)
    },
  },
]

/** Waits until both apps are well again. */
async function healthy(stage: Stage, seconds: number): Promise<void> {
  const until = Date.now() + seconds * 1_000
  for (;;) {
    const status = await stage.host.status()
    const words = [status.medusa?.health, status.storefront?.health]
    if (['ready', 'degraded'].includes(String(words[0])) && words[1] === 'ok') break
    if (Date.now() > until) throw new Error(`not well after ${seconds} s: ${words.join(', ')}`)
    await delay(500)
  }
  stage.mark('well again')
}
