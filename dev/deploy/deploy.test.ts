import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DOMAIN } from '../host/caddy.ts'
import { type App, type Behaviour, World } from './world.ts'

const world = new World(28500)
let medusa = ''
let storefront = ''
/** How long a deploy of both took: this machine's measure for a rollback. */
let deployMs = 0

beforeAll(() => world.start())
afterAll(() => world.stop())

/** Without a pause the visitors would take the processor that a deploy needs. */
const BETWEEN_MS = 20

/** Asks both sites, one request after the other in several lines, until told to stop. */
function visitors() {
  const failures: string[] = []
  const seen = new Set<string>()
  let asked = 0
  let slowest = 0
  let going = true
  const line = async (host: string) => {
    while (going) {
      const began = Date.now()
      const path = host === DOMAIN ? '/eu/served' : '/health'
      const answer = await world.caddy.get(host, path).catch((error) => String(error))
      slowest = Math.max(slowest, Date.now() - began)
      asked++
      if (typeof answer === 'string' || answer.status !== 200)
        failures.push(typeof answer === 'string' ? answer : String(answer.status))
      else seen.add(String(answer.headers['x-release']))
      await delay(BETWEEN_MS)
    }
  }
  const lines = [DOMAIN, `api.${DOMAIN}`, DOMAIN, `api.${DOMAIN}`].map(line)
  return {
    async end() {
      going = false
      await Promise.all(lines)
      return { failures, seen, asked, slowest }
    },
  }
}

/** Runs rr-deploy beside visitors, so that this process can ask meanwhile. */
function deploy(words: string[], env: NodeJS.ProcessEnv = {}) {
  const child = world.begin(words, env)
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk) => {
      output += chunk
    })
  const ended = new Promise<{ code: number | null; output: string }>((resolve) =>
    child.once('close', (code) => resolve({ code, output })),
  )
  return { child, ended }
}

async function underLoad(words: string[]) {
  const load = visitors()
  const began = Date.now()
  const result = await deploy(words).ended
  const ms = Date.now() - began
  return { ...result, ms, ...(await load.end()) }
}

describe('the first deploy', () => {
  it('migrates, makes the first data, and serves', async () => {
    medusa = world.publish('medusa')
    storefront = world.publish('storefront')
    const { code, output } = world.run(['deploy', 'medusa', medusa, 'storefront', storefront])
    expect(output).toContain('medusa: first data')
    expect(code, output).toBe(0)
    expect(await world.served('medusa')).toBe(medusa)
    expect(await world.served('storefront')).toBe(storefront)
    expect(readFileSync(join(world.folder, 'docker/migrated'), 'utf8')).toBe(
      `migrate ${medusa}\nessentials ${medusa}\n`,
    )
  })

  it('says what runs, since when and by whom (problem 7)', () => {
    const { apps } = world.status()
    expect(apps.medusa).toMatchObject({ current: medusa, by: 'a test', previous: null, pin: null })
    expect(Date.parse(String(apps.storefront.since))).toBeGreaterThan(Date.now() - 60_000)
    expect(world.run(['history']).output).toContain(`->  ${storefront.slice(0, 12)}`)
  })

  it('leaves the other app alone, and does nothing twice', () => {
    const again = world.run(['deploy', 'medusa', medusa])
    expect(again.code, again.output).toBe(0)
    expect(again.output).toContain('runs already')
  })
})

/** Who waits for a release that is not ready waits as long as rr-deploy does (RR_READY_SECONDS of `World`). */
const WAITED_FOR_MS = 8_000

describe('a good release under load (problem 6)', () => {
  it('takes over without a failed request, and the old one is ended', async () => {
    const nextMedusa = world.publish('medusa')
    const nextStorefront = world.publish('storefront')
    const load = await underLoad(['deploy', 'medusa', nextMedusa, 'storefront', nextStorefront])
    expect(load.output).not.toContain('✗')
    expect(load.code, load.output).toBe(0)
    deployMs = load.ms
    expect(load.failures).toEqual([])
    expect(load.asked).toBeGreaterThan(300)
    expect(load.slowest).toBeLessThan(WAITED_FOR_MS)
    expect(load.seen).toEqual(new Set([medusa, storefront, nextMedusa, nextStorefront]))
    expect(existsSync(join(world.state, 'active/medusa-server-blue'))).toBe(false)
    expect(world.systemctl('is-active', 'docker-medusa-server-blue').status).toBe(3)
    medusa = nextMedusa
    storefront = nextStorefront
  })

  it('goes back in three quarters of the time at most, without a failed request', async () => {
    const load = await underLoad(['rollback', 'storefront'])
    expect(load.code, load.output).toBe(0)
    expect(load.ms).toBeLessThan(deployMs * 0.75)
    expect(load.failures).toEqual([])
    expect(world.status().apps.storefront.previous).toBe(storefront)
    expect(world.run(['rollback', 'storefront']).code).toBe(0)
    expect(await world.served('storefront')).toBe(storefront)
  })
})

describe('a bad release under load (problem 6)', () => {
  it.each<[App, Behaviour, string]>([
    ['medusa', 'dies', 'has ended'],
    ['medusa', 'never-ready', 'is not ready after'],
    ['medusa', 'other-build', 'is not ready after'],
    ['medusa', 'answers-500', 'no good answer'],
    ['medusa', 'dies-later', 'by itself|stopped answering|no good answer'],
    ['medusa', 'migration-fails', 'migrate failed'],
    ['medusa', 'migration-hangs', 'did not end within'],
    ['storefront', 'never-ready', 'is not ready after'],
    ['storefront', 'answers-500', 'no good answer'],
  ])('%s that %s never loses a request, and the old one stays', async (app, behaviour, why) => {
    const before = world.status().apps[app]
    const bad = world.publish(app, behaviour, ['first', `of-${behaviour}`])
    const load = await underLoad(['deploy', app, bad])
    expect(load.code, load.output).toBe(1)
    expect(load.output).toMatch(new RegExp(why))
    expect(load.failures).toEqual([])
    expect(load.slowest).toBeLessThan(WAITED_FOR_MS)
    const after = world.status().apps[app]
    expect(after).toMatchObject({ current: before.current, slot: before.slot })
    expect(await world.served(app)).toBe(before.current)
    // Nothing of the bad one is left to start at a boot.
    const flags = readdirSync(join(world.state, 'active')).sort()
    expect(flags).toHaveLength(3)
    expect(world.run(['history', app]).output).toContain(`failed  ${app}`)
  })

  it('that is not in the registry changes nothing', () => {
    const { code, output } = world.run(['deploy', 'medusa', 'f'.repeat(40)])
    expect(code).toBe(1)
    expect(output).toContain('cannot be pulled')
  })
})

describe('a migration', () => {
  it('that the release before cannot run with is announced, and forbids the way back', () => {
    const breaking = world.publish('medusa', 'good', ['first', 'drops-a-column breaking'])
    const { code, output } = world.run(['deploy', 'medusa', breaking])
    expect(code, output).toBe(0)
    expect(output).toContain(`${medusa} cannot run with the database after this migration`)
    expect(String(world.status().apps.medusa.dump)).toMatch(/before-.*\.dump$/)
    const back = world.run(['rollback', 'medusa'])
    expect(back.code).toBe(1)
    expect(back.output).toContain('rollback medusa --restore')
    expect(world.run(['deploy', 'medusa', medusa]).output).toContain(
      'cannot run with this database',
    )
    expect(world.status().apps.medusa.current).toBe(breaking)
    medusa = breaking
  })
})

describe('two at once', () => {
  it('wait for each other and say who holds the lock', async () => {
    const one = world.publish('storefront')
    const two = world.publish('storefront')
    const first = deploy(['deploy', 'storefront', one])
    await delay(700)
    expect(world.status().lock).toMatch(/deploy storefront by a test/)
    const second = world.run(['deploy', 'storefront', two])
    expect(second.output).toMatch(/waiting, .*deploy storefront by a test/)
    expect((await first.ended).code).toBe(0)
    expect(second.code).toBe(0)
    expect(await world.served('storefront')).toBe(two)
    storefront = two
  })
})

describe('a kill', () => {
  const steps = [
    ...['medusa: pull', 'medusa: start', 'medusa: ready', 'medusa: switch', 'medusa: worker'],
    ...['medusa: watch', 'medusa: stop', 'medusa: keep'],
  ]

  it.each(steps)(
    'in the step after "%s" loses no request, and the next call finishes',
    async (step) => {
      const next = world.publish('medusa', 'good', ['first', 'drops-a-column breaking'])
      const load = visitors()
      const { child, ended } = deploy(['deploy', 'medusa', next])
      let said = ''
      await new Promise<void>((resolve) => {
        child.stderr?.on('data', (chunk) => {
          said += chunk
          if (said.includes(step)) resolve()
        })
        child.once('close', () => resolve())
      })
      if (child.pid) {
        try {
          process.kill(-child.pid, 'SIGKILL')
        } catch {
          // It had ended already: the last step.
        }
      }
      await ended
      const again = await deploy(['deploy', 'medusa', next]).ended
      const { failures } = await load.end()
      expect(again.output).not.toContain('✗')
      expect(again.code, again.output).toBe(0)
      expect(failures).toEqual([])
      expect(world.status().apps.medusa.current).toBe(next)
      expect(await world.served('medusa')).toBe(next)
      expect(readdirSync(join(world.state, 'active'))).toHaveLength(3)
      medusa = next
    },
  )
})

describe('pruning (problem 16)', () => {
  it('by Docker eats no release to go back to, even while the registry is away', async () => {
    const before = String(world.status().apps.storefront.previous)
    world.prune()
    world.closeRegistry()
    expect(world.images().some((tag) => tag.includes(before))).toBe(false)
    const back = world.run(['rollback', 'storefront'])
    expect(back.code, back.output).toBe(0)
    expect(await world.served('storefront')).toBe(before)
  })

  it('by deploys keeps five releases beside the one that runs, and their scripts', () => {
    const releases = Array.from({ length: 7 }, () => world.publish('storefront'))
    for (const sha of releases) {
      const done = world.run(['deploy', 'storefront', sha], { env: { RR_WATCH_SECONDS: '1' } })
      expect(done.code, done.output).toBe(0)
    }
    const archives = readdirSync(join(world.state, 'images')).filter((n) =>
      n.startsWith('storefront'),
    )
    expect(archives).toHaveLength(6)
    const kept = world.images().filter((tag) => /^rr-bizops\/storefront:[0-9a-f]{40}$/.test(tag))
    expect(kept).toHaveLength(6)
    const scripts = readdirSync(join(world.state, 'assets/_next/static/chunks'))
    expect(scripts).toHaveLength(6)
    expect(scripts).toContain(`storefront-${releases[1]?.slice(0, 8)}.js`)
    expect(world.status().apps.storefront.earlier).toHaveLength(5)
  })
})

describe('a boot', () => {
  it('comes up with the release that the state names, without a registry', async () => {
    const running = String(world.status().apps.medusa.current)
    for (const name of ['medusa-server-blue', 'medusa-server-green', 'medusa-worker'])
      world.systemctl('stop', `docker-${name}`)
    world.prune()
    world.closeRegistry()
    world.boot()
    for (let tries = 0; tries < 50; tries++) {
      if ((await world.served('medusa').catch(() => undefined)) === running) break
      await delay(100)
    }
    expect(await world.served('medusa')).toBe(running)
    expect(world.systemctl('is-active', 'docker-medusa-worker').status).toBe(0)
  })
})

describe('maintenance', () => {
  it('shows the page until it is taken away', async () => {
    expect(world.run(['maintenance', 'on']).code).toBe(0)
    expect((await world.caddy.get(DOMAIN, '/eu')).status).toBe(503)
    expect(world.run(['status']).output).toContain('MAINTENANCE is on')
    expect(world.run(['maintenance', 'off']).code).toBe(0)
    expect((await world.caddy.get(DOMAIN, '/eu')).status).toBe(200)
  })
})

describe('bad input', () => {
  it.each([
    [['deploy'], 'needs APP SHA'],
    [['deploy', 'medusa', 'latest'], 'not an app and a commit'],
    [['deploy', 'postgres', 'a'.repeat(40)], 'not an app and a commit'],
    [['deploy', 'medusa', 'a'.repeat(40), 'medusa', 'b'.repeat(40)], 'named twice'],
    [['rollback', 'everything'], 'not everything'],
    [['maintenance', 'maybe'], 'maintenance on'],
    [['what'], 'the only program'],
  ])('%j is refused in words', (words, why) => {
    const { code, output } = world.run(words)
    expect(code).not.toBe(0)
    expect(output).toContain(why)
  })
})
