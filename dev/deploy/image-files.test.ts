import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ROOT } from '../host/nix.ts'
import { archive, type Entry } from './archive.ts'

const STEPS = join(ROOT, 'nixos/deploy/steps')
const SHA = '0123456789abcdef0123456789abcdef01234567'
const NEXT = 'f'.repeat(40)

let folder: string
let state: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rr-image-files-'))
  state = join(folder, 'state')
  for (const path of ['bin', 'state/deploy', 'state/dumps'])
    mkdirSync(join(folder, path), { recursive: true })
  chmodSync(join(state, 'dumps'), 0o700)
  writeFileSync(join(state, 'dumps/orders.dump'), 'orders', { mode: 0o600 })
  // A Docker that gives what an image was made to give; each call is noted.
  writeFileSync(
    join(folder, 'bin/docker'),
    `#!/bin/bash
printf '%s ' "$@" >>${folder}/calls; echo >>${folder}/calls
[[ $1 != cp ]] || { cat ${folder}/archive; exit "\${RR_CODE:-0}"; }`,
    { mode: 0o755 },
  )
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Runs a step with an image that gives this archive. */
function run(step: 'assets' | 'migrations', given: Buffer, sha = SHA, code = 0) {
  writeFileSync(join(folder, 'archive'), given)
  return spawnSync(join(STEPS, step), [sha], {
    encoding: 'utf8',
    timeout: 60_000,
    env: {
      PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
      RR_STATE: state,
      RR_APPS: join(folder, 'apps.json'),
      RR_CODE: String(code),
    },
  })
}

/** All that is in the state, with owners, modes and times, but for the folder that a deploy works in. */
function everything(): string[] {
  return execFileSync('find', [state, '-printf', '%y %m %U %n %s %P\n'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => !/ deploy(\/|$)/.test(line))
    .sort()
}

const GOOD: Entry[] = [
  { name: 'static/', type: '5' },
  { name: 'static/chunks/', type: '5' },
  { name: 'static/chunks/1-q2d04lvztfs.js', body: 'first' },
  { name: 'static/chunks/app/[countryCode]/(main)/page-0a.js', body: 'page' },
  { name: 'static/css/', type: '5', mode: 0o700 },
  { name: 'static/css/a.css', body: 'css', mode: 0o755 },
]

describe('the files of a release', () => {
  it('are laid out for Caddy as files of root’s with fixed modes', () => {
    const { status, stderr } = run('assets', archive(GOOD))
    expect(stderr).toBe('')
    expect(status).toBe(0)
    const served = join(state, 'assets/_next/static')
    expect(readFileSync(join(served, 'chunks/1-q2d04lvztfs.js'), 'utf8')).toBe('first')
    for (const [path, mode] of [
      ['chunks/app/[countryCode]/(main)', 0o755],
      ['chunks/app/[countryCode]/(main)/page-0a.js', 0o644],
      ['css', 0o755],
      ['css/a.css', 0o644],
    ] as const) {
      const found = statSync(join(served, path))
      expect(found.mode & 0o7777, path).toBe(mode)
      expect([found.uid, found.gid]).toEqual([process.getuid?.(), process.getgid?.()])
    }
    // Once in the release's own folder, once where it is served.
    expect(statSync(join(served, 'css/a.css')).nlink).toBe(2)
    expect(existsSync(join(state, 'deploy/taking'))).toBe(false)
  })

  it('are read from a container that never runs, has no network and is not asked for elsewhere', () => {
    run('assets', archive(GOOD))
    const calls = readFileSync(join(folder, 'calls'), 'utf8').split('\n')
    expect(calls.filter((call) => /^(run|start|exec)\b/.test(call))).toEqual([])
    expect(calls).toContain(
      `create --pull=never --network=none --name rr-files rr-bizops/storefront:${SHA} none `,
    )
    expect(calls.filter(Boolean).at(-1)).toBe('rm --force --volumes rr-files ')
  })

  it('stay those of the release before where both have one name', () => {
    run('assets', archive(GOOD))
    const other = archive([...GOOD.slice(0, 2), { ...(GOOD[2] as Entry), body: 'other' }])
    expect(run('assets', other, NEXT).status).toBe(0)
    const path = join(state, 'assets/_next/static/chunks/1-q2d04lvztfs.js')
    expect(readFileSync(path, 'utf8')).toBe('first')
  })

  const more = (entry: Entry) => [...GOOD, entry]
  const BAD: [string, Entry[], RegExp][] = [
    ['is a link to a folder', [{ name: 'static', type: '2', link: '/var/lib' }], /neither a file/],
    ['is a link with a slash', [{ name: 'static/', type: '2', link: '/' }], /neither a file/],
    ['has a link', more({ name: 'static/a', type: '2', link: '/etc/shadow' }), /neither a file/],
    ['has a link inside', more({ name: 'static/a', type: '2', link: 'chunks' }), /neither a file/],
    [
      'writes through a link',
      [
        { name: 'static/', type: '5' },
        { name: 'static/out', type: '2', link: '../../../../dumps' },
        { name: 'static/out/planted', body: 'x' },
      ],
      /neither a file/,
    ],
    [
      'has a hard link',
      more({ name: 'static/a', type: '1', link: 'static/css/a.css' }),
      /neither a file/,
    ],
    [
      'has a hard link to a file of the host',
      more({ name: 'static/a', type: '1', link: '/etc/shadow' }),
      /neither a file/,
    ],
    ['has a device', more({ name: 'static/a', type: '3' }), /neither a file/],
    ['has a disk', more({ name: 'static/a', type: '4' }), /neither a file/],
    ['has a pipe', more({ name: 'static/a', type: '6' }), /neither a file/],
    ['has a volume’s label', more({ name: 'static/a', type: 'V' }), /neither a file/],
    ['has a program for others', more({ name: 'static/a', mode: 0o4755 }), /rights/],
    ['has one for a group', more({ name: 'static/a', mode: 0o2755 }), /rights/],
    ['has a sticky folder', more({ name: 'static/a/', type: '5', mode: 0o1777 }), /rights/],
    ['has another’s file', more({ name: 'static/a', uid: 1000 }), /not root's/],
    ['has another group’s file', more({ name: 'static/a', gid: 999 }), /not root's/],
    ['leads up', more({ name: 'static/../../../deploy/state.json' }), /name that no build/],
    ['leads up at once', [{ name: '../static', body: 'x' }], /name that no build/],
    ['begins at the root', more({ name: '/static/a', body: 'x' }), /name that no build/],
    ['lies beside', more({ name: 'other/a', body: 'x' }), /name that no build/],
    ['has a dot', more({ name: 'static/./a', body: 'x' }), /name that no build/],
    ['has a hidden file', more({ name: 'static/.htaccess', body: 'x' }), /name that no build/],
    ['has two slashes', more({ name: 'static//a', body: 'x' }), /name that no build/],
    ['has a line end', more({ name: 'static/a\nstatic/b', body: 'x' }), /name that no build/],
    ['has a blank', more({ name: 'static/a b', body: 'x' }), /name that no build/],
    ['hides a link', more({ name: 'static/a -> b', body: 'x' }), /name that no build/],
    ['moves the cursor', more({ name: 'static/\x1b[2Ja', body: 'x' }), /name that no build/],
    ['has a tag', more({ name: 'static/<script>', body: 'x' }), /name that no build/],
    ['has bytes', more({ name: 'static/\xff\xfe', body: 'x' }), /name that no build/],
    ['has a name twice', more({ name: 'static/css/a.css', body: 'other' }), /a name twice/],
    [
      'has a name by a second header',
      more({ name: 'static/x', type: 'x', body: '29 path=static/../../escaped\n' }).concat({
        name: 'static/harmless',
        body: 'x',
      }),
      /name that no build/,
    ],
    [
      'has very many files',
      [
        { name: 'static/', type: '5' },
        ...Array.from({ length: 2_100 }, (_, i): Entry => ({ name: `static/${i}` })),
      ],
      /more than 2000 files/,
    ],
    ['is large', more({ name: 'static/a', body: Buffer.alloc(51_000_000) }), /more than 50000000/],
    [
      'fills the disk',
      more({ name: 'static/a', body: Buffer.alloc(60_000_000) }),
      /is larger than/,
    ],
    [
      'claims to be large',
      more({ name: 'static/a', size: 8 * 1024 ** 3 - 1 }),
      /more than 50000000/,
    ],
    ['is empty', [], /nothing is there/],
    ['is no folder', [{ name: 'static', body: 'x' }], /no folder/],
  ]
  it.each(BAD)('end the deploy before anything changes when an image %s', (_case, entries, why) => {
    // A release before has laid out its own.
    mkdirSync(join(state, 'assets/_next/static/css'), { recursive: true })
    writeFileSync(join(state, 'assets/_next/static/css/a.css'), 'css')
    const before = everything()
    const { status, stderr, stdout } = run('assets', archive(entries))
    expect(stderr).toMatch(why)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(stderr + stdout).not.toMatch(/[^\n\x20-\x7e]/)
    expect(status).not.toBe(0)
    expect(everything()).toEqual(before)
    expect(existsSync('/escaped')).toBe(false)
  })

  it('end the deploy when what comes is cut off or no archive at all', () => {
    for (const [given, code] of [
      [archive(GOOD).subarray(0, 1_700), 0],
      [archive(GOOD).subarray(0, 1_024), 1],
      [Buffer.from('no archive'), 0],
      [Buffer.alloc(0), 1],
    ] as const) {
      expect(run('assets', given, SHA, code).status).toBe(1)
      expect(existsSync(join(state, 'assets/releases', SHA))).toBe(false)
    }
  })

  it('end the deploy when a folder stands where another release has a file', () => {
    run('assets', archive(GOOD), NEXT)
    const before = everything()
    const { status, stderr } = run(
      'assets',
      archive([{ name: 'static/', type: '5' }, { name: 'static/new.js' }, { name: 'static/css' }]),
    )
    expect(status).toBe(1)
    expect(stderr).toContain('css is a file in one release and a folder in another')
    expect(everything()).toEqual(before)
  })

  it('can be taken again after a call that was killed', () => {
    mkdirSync(join(state, 'deploy/taking/files'), { recursive: true })
    mkdirSync(join(state, 'deploy/assets'), { recursive: true })
    writeFileSync(join(state, 'deploy/assets/half'), '')
    expect(run('assets', archive(GOOD)).status).toBe(0)
    expect(existsSync(join(state, 'assets/_next/static/half'))).toBe(false)
  })
})

describe('a release’s list of migrations', () => {
  const list = (body: string) => archive([{ name: 'migrations', body }])

  it('is read without running the image', () => {
    const { stdout, status } = run(
      'migrations',
      list('order/Migration1\nours/Migration2 breaking\n'),
    )
    expect([stdout, status]).toEqual(['compatible\n', 0])
    expect(readFileSync(join(folder, 'calls'), 'utf8')).not.toMatch(/^(run|start|exec)\b/m)
  })

  const NO_LIST: [string, Buffer][] = [
    ['is a link', archive([{ name: 'migrations', type: '2', link: '/run/rr-bizops/medusa.env' }])],
    ['is endless', list('a\n'.repeat(600_000))],
    ['has other words', list('order/Migration1 harmless\n')],
    ['has a program', list('$(id)\n')],
    ['moves the cursor', list('\x1b[2J\n')],
    ['is binary', list('\xff\x00\n')],
    ['is two files', archive([{ name: 'migrations', body: 'a' }, { name: 'migrations/b' }])],
    ['is missing', archive([])],
  ]
  it.each(NO_LIST)('ends the deploy when it %s', (_case, given) => {
    const { status, stdout, stderr } = run('migrations', given)
    expect(status).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).not.toMatch(/[^\n\x20-\x7e]/)
    expect(existsSync(join(state, 'deploy/migrations', SHA))).toBe(false)
  })
})
