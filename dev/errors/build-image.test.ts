import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Sandbox } from '../pipeline/sandbox.ts'
import { ROOT } from '../pipeline/workflow.ts'

const TOKEN = 'sntrys_of_the_tests'
const ENV = {
  PUSH: 'true',
  IMAGES: 'ghcr.io/scientific-oops/rr-bizops',
  GITHUB_SHA: '0f'.repeat(20),
  GITHUB_REPOSITORY: 'scientific-oops/rr-bizops',
  GITHUB_SERVER_URL: 'https://github.com',
  REGISTRY_USER: 'developer',
  REGISTRY_TOKEN: 'ghs_of_the_job',
  NEXT_PUBLIC_MEDUSA_BACKEND_URL: 'https://api.research-relay.com',
  NEXT_PUBLIC_MEDUSA_PUBLISHABLE_KEY: `pk_${'a'.repeat(64)}`,
  NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: 'key',
}
const SENTRY = { SENTRY_AUTH_TOKEN: TOKEN, SENTRY_ORG: 'shop', SENTRY_PROJECT: 'medusa' }

let box: Sandbox
beforeAll(() => {
  box = new Sandbox()
  box.commit({ 'README.md': 'a shop' })
  const plain = JSON.stringify({ schemaVersion: 2, config: {}, layers: [] })
  box.fake('docker', `case "$1 $2" in 'buildx imagetools') echo '${plain}' ;; esac`)
})
afterAll(() => box.remove())

describe.each(['medusa', 'storefront'])('the image of %s', (app) => {
  const build = (env: { [name: string]: string }) =>
    box.run('build-image', [], { ...ENV, APP: app, ...env })

  it('gets the token for maps as a secret of the build, never as an argument', () => {
    const { code, calls, stdout, stderr } = build(SENTRY)
    expect(code).toBe(0)
    const call = calls.find((each) => each.startsWith('docker buildx build')) ?? ''
    expect(call).toContain('--secret id=sentry_auth_token\\,env=SENTRY_AUTH_TOKEN')
    expect(call).toContain('--build-arg SENTRY_ORG=shop --build-arg SENTRY_PROJECT=medusa')
    expect([...calls, stdout, stderr].join('\n')).not.toContain(TOKEN)
  })

  it('is built without a token, too, and then knows nothing of Sentry', () => {
    const without: { [name: string]: string }[] = [
      {},
      { SENTRY_AUTH_TOKEN: '' },
      { ...SENTRY, PUSH: 'false' },
    ]
    for (const env of without) {
      const { code, calls } = build(env)
      expect(code).toBe(0)
      expect(calls.join('\n')).not.toMatch(/sentry/i)
    }
  })

  it('is refused when nobody says where its maps belong', () => {
    const { code, stderr } = build({ SENTRY_AUTH_TOKEN: TOKEN, SENTRY_ORG: 'shop' })
    expect(code).not.toBe(0)
    expect(stderr).toContain('SENTRY_PROJECT')
  })

  it('has a Dockerfile that takes both', () => {
    const folder = app === 'medusa' ? 'app' : app
    const text = readFileSync(join(ROOT, folder, 'Dockerfile'), 'utf8')
    expect(text).toMatch(/--mount=type=secret,id=sentry_auth_token/)
    for (const name of ['SENTRY_ORG', 'SENTRY_PROJECT']) {
      expect(text).toMatch(new RegExp(`^ARG ${name}$`, 'm'))
    }
    expect(text).not.toMatch(/^(ARG|ENV) .*SENTRY_AUTH_TOKEN/m)
  })
})
