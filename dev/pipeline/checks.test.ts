import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Sandbox } from './sandbox.ts'
import { ROOT } from './workflow.ts'

let box: Sandbox
beforeEach(() => {
  box = new Sandbox()
  box.commit({ 'dev/package.json': '{}' })
  for (const name of ['npm', 'npx', 'sudo']) box.fake(name)
})
afterEach(() => box.remove())

it('the check of one workspace installs nothing of the other', () => {
  const { code, calls } = box.run('check-workspace', ['storefront'])
  expect(code).toBe(0)
  expect(calls).toEqual([
    'npm ci --workspace storefront --include-workspace-root',
    'npx biome check storefront',
    'npm run typecheck --workspace storefront',
    'npm test --workspace storefront',
    'npm run build --workspace storefront',
  ])
  for (const workspace of ['app', 'storefront']) {
    const manifest = JSON.parse(readFileSync(join(ROOT, workspace, 'package.json'), 'utf8'))
    expect(Object.keys(manifest.scripts)).toEqual(
      expect.arrayContaining(['typecheck', 'test', 'build']),
    )
  }
})

describe('the check of the host', () => {
  /** Runs it with a nix that knows two checks and these keys of admins. */
  function check(keys: string, checks = '["closure", "vm"]') {
    box.fake(
      'nix',
      `case "$*" in
  *attrNames) echo '${checks}' ;;
  *adminKeys) echo '${keys}' ;;
esac`,
    )
    return box.run('check-host')
  }
  const host =
    'nix eval --raw .#nixosConfigurations.shops-app-01.config.system.build.toplevel.drvPath'

  it('builds whatever the flake calls a check, then runs the suites that read nixos/', () => {
    const { code, calls } = check('["ssh-ed25519 AAAA"]')
    expect(code).toBe(0)
    expect(calls).toContain(
      'nix build --no-link --print-build-logs .#checks.x86_64-linux.closure .#checks.x86_64-linux.vm',
    )
    expect(calls.slice(-4)).toEqual([
      'npm ci --workspace dev --include-workspace-root',
      'npm test --workspace dev',
      'npx vitest run --config vitest.host.config.ts',
      'npx vitest run --config vitest.deploy.config.ts',
    ])
  })

  it('evaluates the real host, too, once an admin has a key there', () => {
    expect(check('["ssh-ed25519 AAAA"]').calls).toContain(host)
    const { calls, stdout } = check('[]')
    expect(calls).not.toContain(host)
    expect(stdout).toContain('::notice::shops-app-01 has no admin keys yet')
  })

  it('fails when the flake has no checks', () => {
    expect(check('[]', '[]').code).not.toBe(0)
  })
})
