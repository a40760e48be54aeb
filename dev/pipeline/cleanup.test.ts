import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { HOST, running, Sandbox } from './sandbox.ts'
import { ROOT } from './workflow.ts'

// Each test starts dozens of small programs; two busy cores need a while for them.
vi.setConfig({ testTimeout: 30_000 })

const NOW = Date.parse('2026-06-30T00:00:00Z') / 1000
const MB = 1e6

interface Version {
  app: string
  id: number
  digest: string
  created: string
  tags: string[]
  children: string[]
  blobs: { digest: string; size: number }[]
}

/** A version of Medusa that is `days` old; its layers are its own 50 MB and a shared 100 MB. */
function version(id: number, days: number, fields: Partial<Version> = {}): Version {
  return {
    app: 'medusa',
    id,
    digest: `sha256:${id}`,
    created: new Date((NOW - days * 86_400) * 1000).toISOString().replace('.000', ''),
    tags: [commit(id)],
    children: [],
    blobs: [
      { digest: 'sha256:packages', size: 100 * MB },
      { digest: `sha256:of-${id}`, size: 50 * MB },
    ],
    ...fields,
  }
}
const commit = (id: number) => String(id).padStart(40, '0')

/** The decision, as cleanup asks for it. */
function choose(versions: Version[], keep: string[]) {
  const file = join(ROOT, '.github/scripts/cleanup-choice.jq')
  const args = [
    '--argjson',
    'keep',
    JSON.stringify(keep),
    '--argjson',
    'now',
    String(NOW),
    '-f',
    file,
  ]
  const output = execFileSync('jq', args, { input: JSON.stringify(versions), encoding: 'utf8' })
  const choice: { kept: number[]; delete: Version[]; bytes: number; fits: boolean } =
    JSON.parse(output)
  return { ...choice, deleted: choice.delete.map(({ id }) => id) }
}

describe('of the images in the registry', () => {
  const twelve = Array.from({ length: 12 }, (_, at) => version(12 - at, at + 2))

  it('the newest five stay', () => {
    expect(choose(twelve, [])).toMatchObject({ kept: [12, 11, 10, 9, 8], fits: true })
  })

  it('what the host names stays, however old', () => {
    const { kept, deleted } = choose(twelve, [commit(1), commit(3)])
    expect(kept.sort((a, b) => b - a)).toEqual([12, 11, 10, 3, 1])
    expect(deleted).toHaveLength(7)
  })

  it('latest stays, and so does what is younger than a day', () => {
    const young = [version(20, 0.5), version(21, 0.9, { tags: [] })]
    const old = version(1, 90, { tags: [commit(1), 'latest'] })
    const { kept } = choose([...twelve, ...young, old], [commit(2), commit(3), commit(4)])
    expect(kept).toEqual(expect.arrayContaining([20, 21, 1, 2, 3, 4]))
  })

  it('one without a tag goes', () => {
    const { deleted } = choose([version(1, 5), version(2, 3, { tags: [] })], [])
    expect(deleted).toEqual([2])
  })

  it('half of an index stays with the index, and goes with it', () => {
    const half = version(3, 5, { tags: [] })
    const index = version(2, 4, { children: [half.digest], blobs: [] })
    expect(choose([index, half], [commit(2)]).deleted).toEqual([])
    const others = Array.from({ length: 5 }, (_, at) => version(10 + at, 2))
    expect(choose([index, half, ...others], []).deleted.sort()).toEqual([2, 3])
  })

  it('a shared layer counts once for each app', () => {
    const storefront = version(2, 3, { app: 'storefront' })
    expect(choose([version(1, 3), version(3, 2)], []).bytes).toBe(200 * MB)
    expect(choose([version(1, 3), storefront], []).bytes).toBe(300 * MB)
  })

  it('older ones go as soon as the free space is used up', () => {
    const own = (id: number, days: number) =>
      version(id, days, { blobs: [{ digest: `sha256:of-${id}`, size: 200 * MB }] })
    const { kept, bytes, fits } = choose([own(1, 4), own(2, 3), own(3, 2)], [])
    expect({ kept, bytes, fits }).toEqual({ kept: [3, 2], bytes: 400 * MB, fits: true })
  })

  it('nothing that must stay goes for space, and that is said', () => {
    const own = (id: number) =>
      version(id, id, { blobs: [{ digest: `sha256:of-${id}`, size: 200 * MB }] })
    const choice = choose([own(2), own(3), own(4), own(5)], [commit(2), commit(3), commit(4)])
    expect(choice).toMatchObject({ deleted: [5], bytes: 600 * MB, fits: false })
  })

  it('each app has its own five', () => {
    const storefronts = twelve.map((each) => ({ ...each, app: 'storefront', id: each.id + 100 }))
    const small = [...twelve, ...storefronts].map((each) => ({ ...each, blobs: [] }))
    expect(choose(small, []).kept).toHaveLength(10)
  })
})

describe('the clean-up', () => {
  let box: Sandbox
  beforeAll(() => {
    box = new Sandbox()
    box.commit({ 'README.md': 'a shop' })
  })
  afterAll(() => box.remove())

  const listed = (id: number, tags: string[], days = 30) =>
    JSON.stringify({
      id,
      name: `sha256:${id}`,
      created_at: new Date(Date.now() - days * 86_400_000).toISOString().replace(/\.\d+/, ''),
      metadata: { container: { tags } },
    })
  const current = commit(1)

  /** Eight old versions of each app; the host runs the oldest. */
  function cleanup(env: { [name: string]: string } = {}, ssh = '', kind = 'Organization') {
    const all = Array.from({ length: 8 }, (_, at) => listed(at + 1, [commit(at + 1)], 30 - at))
    box.fake('ssh', ssh || `echo '${JSON.stringify(running(current, current))}'`)
    box.fake(
      'gh',
      `case "$*" in
  'api users/scientific-oops'*) echo ${kind} ;;
  *versions?per_page*) jq "\${*: -1}" -c <<<'[${all.join(',')}]' ;;
esac`,
    )
    box.fake(
      'docker',
      `case "$*" in
  login*) cat >"$TOLD/password" ;;
  *inspect*) echo '{"config": {"digest": "sha256:c", "size": 1}, "layers": [{"digest": "sha256:l", "size": 1000000}]}' ;;
esac`,
    )
    const outcome = box.run('cleanup', [], {
      ...HOST,
      IMAGES: 'ghcr.io/scientific-oops/rr-bizops',
      GH_TOKEN: 'ghs_of_the_job',
      REGISTRY_USER: 'developer',
      ...env,
    })
    return { ...outcome, deleted: outcome.calls.filter((call) => call.includes('DELETE')) }
  }

  it('deletes what is neither named by the host nor among the newest', () => {
    const { code, deleted, stdout, calls } = cleanup()
    expect(code).toBe(0)
    const path = (app: string, id: number) =>
      `gh api --method DELETE orgs/scientific-oops/packages/container/rr-bizops%2F${app}/versions/${id}`
    expect(deleted.sort()).toEqual(
      ['medusa', 'storefront'].flatMap((app) => [2, 3, 4].map((id) => path(app, id))),
    )
    expect(stdout).toContain('10 versions stay with 2 MB, 6 go')
    expect(calls.at(-1)).toBe('docker logout ghcr.io')
  })

  it('knows the packages of a person from those of an organisation', () => {
    expect(cleanup({}, '', 'User').deleted[0]).toContain(' users/scientific-oops/packages/')
  })

  it('keeps the token off every command line', () => {
    const { calls, stdout, stderr } = cleanup()
    expect(box.told('password')).toBe('ghs_of_the_job\n')
    expect([...calls, stdout, stderr].join('\n')).not.toContain('ghs_of_the_job')
  })

  it('only says what it would do when it is asked to', () => {
    const { code, deleted, stdout } = cleanup({ DRY_RUN: 'true' })
    expect({ code, deleted }).toEqual({ code: 0, deleted: [] })
    expect(stdout.match(/^delete /gm)).toHaveLength(6)
  })

  it.each([
    ['does not answer', 'exit 255', 255],
    ['answers what is no JSON', 'echo busy', undefined],
  ])('deletes nothing when the host %s', (_, ssh, code) => {
    const outcome = cleanup({}, ssh)
    expect(outcome.code).not.toBe(0)
    if (code) expect(outcome.code).toBe(code)
    expect(outcome.calls.filter((call) => !call.startsWith('ssh'))).toEqual([])
  })

  it('deletes nothing when the host runs nothing yet', () => {
    const { code, calls } = cleanup({}, `echo '${JSON.stringify(running(null, null))}'`)
    expect(code).toBe(0)
    expect(calls).toHaveLength(1)
  })

  it('keeps every commit that the host names, wherever in its answer', () => {
    const status = { ...running(current, null), kept: { medusa: [{ sha: commit(2) }] } }
    const { deleted } = cleanup({}, `echo '${JSON.stringify(status)}'`)
    expect(deleted.some((call) => call.endsWith('/2'))).toBe(false)
  })
})
