import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Sandbox } from './sandbox.ts'

let box: Sandbox
let origin: string
const git = (...args: string[]) =>
  execFileSync('git', ['--git-dir', origin, ...args], { encoding: 'utf8' }).trim()

beforeEach(() => {
  box = new Sandbox()
  box.commit({ 'flake.lock': 'old\n', 'flake.nix': '{ }' })
  // GITHUB_SERVER_URL/GITHUB_REPOSITORY is a folder here.
  origin = join(box.folder, 'owner/repository')
  execFileSync('git', ['init', '--quiet', '--bare', origin])
  box.git('push', '--quiet', origin, 'main')
})
afterEach(() => box.remove())

function bump(lock: string, open = 0) {
  box.fake('nix', `echo ${lock} >flake.lock`)
  box.fake('gh', `[[ $* != 'pr list'* ]] || echo ${open}`)
  return box.run('bump-lock', [], {
    GH_TOKEN: 'ghs_of_the_job',
    GITHUB_SERVER_URL: box.folder,
    GITHUB_REPOSITORY: 'owner/repository',
  })
}

it('a newer lock becomes a pull request with that one change', () => {
  const { code, calls } = bump('new')
  expect(code).toBe(0)
  expect(git('log', '--format=%s', 'main..flake-lock')).toBe('Bump flake.lock')
  expect(git('diff', '--name-only', 'main', 'flake-lock')).toBe('flake.lock')
  expect(
    calls.some((call) => call.startsWith('gh pr create --repo owner/repository --base main')),
  ).toBe(true)
  expect(calls.join('\n')).not.toContain('ghs_of_the_job')
})

it('an open one is renewed instead of a second', () => {
  bump('new')
  box.git('checkout', '--quiet', 'main')
  box.git('branch', '--quiet', '-D', 'flake-lock')
  const { code, calls } = bump('newer', 1)
  expect(code).toBe(0)
  expect(git('show', 'flake-lock:flake.lock')).toBe('newer')
  expect(git('rev-list', '--count', 'main..flake-lock')).toBe('1')
  expect(calls.some((call) => call.startsWith('gh pr create'))).toBe(false)
})

it('without anything newer nothing is pushed', () => {
  const { code, stdout } = bump('old')
  expect(code).toBe(0)
  expect(stdout).toBe('flake.lock is the newest')
  expect(git('branch', '--list', 'flake-lock')).toBe('')
})
