import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fill } from './expressions.ts'
import { contextsOf, jobRuns, needsOf, type Result, ROOT, walk, workflow } from './workflow.ts'

const RESULTS: Result[] = ['success', 'failure', 'cancelled', 'skipped']
const WISHES = ['true', 'false']
const SHA = '0f'.repeat(20)

const deploy = workflow('deploy.yml')
const main = { github: { ref: 'refs/heads/main' } }

/** Every combination of one value of each list. */
function combinations<T>(...lists: T[][]): T[][] {
  return lists.reduce<T[][]>(
    (all, list) => all.flatMap((begun) => list.map((each) => [...begun, each])),
    [[]],
  )
}

/** What deploy.yml's last step would give its script. */
function given(ended: ReturnType<typeof walk>) {
  const env = deploy.jobs.deploy?.steps.at(-1)?.env ?? {}
  const contexts = contextsOf(deploy.jobs.deploy, ended)
  return {
    medusa: fill(env.MEDUSA_SHA ?? '', contexts),
    storefront: fill(env.STOREFRONT_SHA ?? '', contexts),
  }
}

describe('of all 512 ways in which plan and two builds can end', () => {
  const started = combinations<string>(RESULTS, RESULTS, RESULTS, WISHES, WISHES, ['', 'cancelled'])
    .map(([plan, medusa, storefront, wantsMedusa, wantsStorefront, run]) => ({
      ...{ plan, medusa, storefront, wantsMedusa, wantsStorefront, run },
    }))
    .filter(({ plan, medusa, storefront, wantsMedusa, wantsStorefront, run }) =>
      jobRuns(
        deploy,
        'deploy',
        {
          plan: {
            result: plan as Result,
            outputs: { medusa: wantsMedusa ?? '', storefront: wantsStorefront ?? '' },
          },
          'build-medusa': { result: medusa as Result, outputs: {} },
          'build-storefront': { result: storefront as Result, outputs: {} },
        },
        { cancelled: run === 'cancelled' },
      ),
    )

  it('three lead to a deploy: one app, the other, or both, built as planned', () => {
    const fine = { plan: 'success', run: '' }
    const built = { result: 'success', wish: 'true' }
    const left = { result: 'skipped', wish: 'false' }
    const way = (medusa: typeof built, storefront: typeof built) => ({
      ...fine,
      medusa: medusa.result,
      wantsMedusa: medusa.wish,
      storefront: storefront.result,
      wantsStorefront: storefront.wish,
    })
    expect(started).toHaveLength(3)
    expect(started).toEqual(
      expect.arrayContaining([way(built, built), way(built, left), way(left, built)]),
    )
  })
})

describe('a push to main', () => {
  const ways = combinations<string>(WISHES, WISHES, RESULTS.slice(0, 3), RESULTS.slice(0, 3))

  it.each(ways)('plan says medusa %s, storefront %s; builds end with %s, %s', (...way) => {
    const [medusa = '', storefront = '', buildMedusa, buildStorefront] = way
    const ended = walk(
      deploy,
      {
        plan: { result: 'success', outputs: { medusa, storefront } },
        'build-medusa': { result: buildMedusa as Result, outputs: { sha: SHA } },
        'build-storefront': { result: buildStorefront as Result, outputs: { sha: SHA } },
      },
      main,
    )
    const wanted = [
      ...(medusa === 'true' ? [buildMedusa] : []),
      ...(storefront === 'true' ? [buildStorefront] : []),
    ]
    const deploys = wanted.length > 0 && wanted.every((result) => result === 'success')
    expect(ended.deploy?.result).toBe(deploys ? 'success' : 'skipped')
    if (deploys) {
      expect(given(ended)).toEqual({
        medusa: medusa === 'true' ? SHA : '',
        storefront: storefront === 'true' ? SHA : '',
      })
    }
  })

  it.each(['failure', 'cancelled'] as const)(
    'builds nothing after a plan that ended with %s',
    (result) => {
      const ended = walk(deploy, { plan: { result, outputs: { medusa: 'true' } } }, main)
      expect(Object.values(ended).map((each) => each.result)).toEqual([
        result,
        'skipped',
        'skipped',
        'skipped',
      ])
    },
  )
})

it('started by hand on another branch, deploy.yml does nothing', () => {
  const ended = walk(deploy, {}, { github: { ref: 'refs/heads/idea' } })
  expect(new Set(Object.values(ended).map(({ result }) => result))).toEqual(new Set(['skipped']))
})

const ci = workflow('ci.yml')
/** Jobs that no path filter can leave out. */
const ALWAYS = ['changes', 'security']
const jobs = needsOf(ci.jobs.gate).filter((id) => !ALWAYS.includes(id))

/** Runs the gate's own script. */
function gate(needs: object): { code: number | null; output: string } {
  const { status, stdout } = spawnSync(join(ROOT, '.github/scripts/gate'), {
    encoding: 'utf8',
    env: { ...process.env, NEEDS: JSON.stringify(needs) },
  })
  return { code: status, output: stdout.trim() }
}

/** All jobs as a pull request to the storefront leaves them, with changes. */
function needs(changed: { [job: string]: { wish?: string; result?: string } } = {}) {
  const fine = (job: string) => ({ wish: String(job === 'storefront'), ...changed[job] })
  const outputs = Object.fromEntries(jobs.map((job) => [job, fine(job).wish]))
  const others = jobs.map((job) => [
    job,
    { result: changed[job]?.result ?? (job === 'storefront' ? 'success' : 'skipped'), outputs: {} },
  ])
  const security = { result: 'success', outputs: {} }
  return { changes: { result: 'success', outputs }, security, ...Object.fromEntries(others) }
}

describe('the gate', () => {
  it('needs every other job of ci.yml, and runs whatever they come to', () => {
    expect(['gate', ...needsOf(ci.jobs.gate)].sort()).toEqual(Object.keys(ci.jobs).sort())
    for (const result of RESULTS) {
      const ended = Object.fromEntries(
        needsOf(ci.jobs.gate).map((id) => [id, { result, outputs: {} }]),
      )
      for (const cancelled of [true, false]) {
        expect(jobRuns(ci, 'gate', ended, { cancelled })).toBe(true)
      }
    }
  })

  it('is green when each job ended as its filter wanted', () => {
    expect(gate(needs())).toEqual({
      code: 0,
      output: 'every job ended as its path filter wanted it',
    })
  })

  it.each(combinations<string>(jobs, WISHES, RESULTS))('%s, wanted %s, ended with %s', (...way) => {
    const [job = '', wish = '', result = ''] = way
    const fine = result === (wish === 'true' ? 'success' : 'skipped')
    expect(gate(needs({ [job]: { wish, result } }))).toEqual({
      code: fine ? 0 : 1,
      output: fine
        ? 'every job ended as its path filter wanted it'
        : `${job}: its filter said ${wish}, and it ended with ${result}`,
    })
  })

  it.each(['failure', 'cancelled', 'skipped'])('is red when changes ended with %s', (result) => {
    const { code, output } = gate({ ...needs(), changes: { result, outputs: {} } })
    expect(code).toBe(1)
    expect(output).toContain(`changes: ${result}`)
    expect(output).toContain('storefront: its filter said null')
  })

  it.each(['failure', 'cancelled', 'skipped'])('is red when security ended with %s', (result) => {
    const ended = { ...needs(), security: { result, outputs: {} } }
    expect(gate(ended)).toEqual({ code: 1, output: `security: ${result}` })
  })

  it('is red when a job is no longer among its needs, or one is new to it', () => {
    const { storefront, ...others } = needs() as { [id: string]: object }
    expect(gate(others).output).toBe('storefront: its filter said true, and it ended with null')
    expect(gate({ ...needs(), other: storefront })).toEqual({
      code: 1,
      output: 'other: unknown to the gate',
    })
  })

  it.each(jobs)('%s runs exactly when the filter says so', (job) => {
    for (const wish of WISHES) {
      const outputs = { [job]: wish }
      const ended = walk(ci, { changes: { result: 'success', outputs } })
      expect(ended[job]?.result).toBe(wish === 'true' ? 'success' : 'skipped')
      expect(ended.security?.result).toBe('success')
      expect(ended.gate?.result).toBe('success')
    }
  })
})
