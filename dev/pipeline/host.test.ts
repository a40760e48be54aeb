import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HOST, hostThatSays, NOWHERE, running, Sandbox } from './sandbox.ts'
import { ROOT } from './workflow.ts'

const TOKEN = `ghs_1234_${'Ab0-_.'.repeat(80)}`
const ASKED_BY = 'octocat by GitHub run 1234'
const TOKEN_ENV = { ...HOST, REGISTRY_TOKEN: TOKEN, ASKED_BY }

let box: Sandbox
let older: string
let newer: string
beforeAll(() => {
  box = new Sandbox()
  older = box.commit({ 'app/a.ts': '1' })
  newer = box.commit({ 'app/a.ts': '2' })
})
afterAll(() => box.remove())

describe('a request to the host', () => {
  /** Runs on-host with an ssh that keeps what it was given and asks the real one how it reads that. */
  function request(env: { [name: string]: string } = {}, words = ['status', '--json']) {
    const real = execFileSync('which', ['ssh'], { encoding: 'utf8' }).trim()
    box.fake(
      'ssh',
      `while getopts i:F:To: option; do [[ $option != i ]] || key=$OPTARG; done
cp -p "$key" "$TOLD/key"; cp "$(dirname "$key")/known_hosts" "$TOLD/known_hosts"
${real} -G "$@" >"$TOLD/options"`,
    )
    return box.run('on-host', words, { ...HOST, ...env })
  }

  it('goes to the user deploy, as one command of the words', () => {
    const { code, calls } = request({}, ['deploy', 'medusa', newer])
    expect(code).toBe(0)
    expect(calls[0]).toMatch(new RegExp(`deploy@192\\.0\\.2\\.10 deploy\\\\ medusa\\\\ ${newer}$`))
  })

  it('knows the host by the pinned key and by nothing else', () => {
    request()
    const options = new Map(
      box
        .told('options')
        .split('\n')
        .map((line) => line.split(/ (.*)/s).slice(0, 2) as [string, string]),
    )
    expect(Object.fromEntries(options)).toMatchObject({
      ...{ user: 'deploy', stricthostkeychecking: 'true', hostkeyalias: 'rr-host' },
      ...{ globalknownhostsfile: '/dev/null', updatehostkeys: 'false', checkhostip: 'no' },
      ...{ batchmode: 'yes', identitiesonly: 'yes', preferredauthentications: 'publickey' },
      ...{ connecttimeout: '15', serveraliveinterval: '15', requesttty: 'false' },
    })
    expect(options.get('userknownhostsfile')).toMatch(/\/known_hosts$/)
    const found = execFileSync('ssh-keygen', [
      '-F',
      'rr-host',
      '-f',
      join(box.folder, 'known_hosts'),
    ])
    expect(found.toString()).toContain(`rr-host ssh-ed25519 ${'A'.repeat(68)}`)
  })

  it('takes several keys of the host, and lines without one', () => {
    expect(request({ DEPLOY_HOST_KEY: `\nssh-rsa BBBB\n${HOST.DEPLOY_HOST_KEY}\n\n` }).code).toBe(0)
    expect(box.told('known_hosts')).toBe(
      `rr-host ssh-rsa BBBB\nrr-host ssh-ed25519 ${'A'.repeat(68)}\n`,
    )
  })

  it('has its key in a file of its own, which is gone afterwards', () => {
    request({ DEPLOY_SSH_KEY: HOST.DEPLOY_SSH_KEY.replaceAll('\n', '\r\n') })
    const mode = execFileSync('stat', ['-c', '%a', join(box.folder, 'key')], { encoding: 'utf8' })
    expect(mode.trim()).toBe('600')
    expect(box.told('key')).toBe(`${HOST.DEPLOY_SSH_KEY}\n`)
    expect(box.run('on-host', [], HOST).calls[0]).not.toContain('PRIVATE KEY')
    const left = execFileSync('find', [box.folder, '-name', 'key'], { encoding: 'utf8' })
    expect(left.trim()).toBe(join(box.folder, 'key'))
  })

  it.each([
    ['DEPLOY_HOST', ''],
    ['DEPLOY_HOST', '-oProxyCommand=id'],
    ['DEPLOY_SSH_KEY', ''],
    ['DEPLOY_HOST_KEY', ''],
    ['DEPLOY_HOST_KEY', 'shops-app-01 ssh-ed25519 AAAA'],
    ['DEPLOY_HOST_KEY', 'ssh-ed25519 AAAA\n* ssh-rsa AAAA'],
  ])('is not sent with %s=%j', (name, value) => {
    const { code, calls, stderr } = request({ [name]: value })
    expect({ code, calls }).toEqual({ code: 2, calls: [] })
    expect(stderr).toContain(name)
  })

  it.each([0, 1, 3, 75, 255])('ends with the host’s exit code %i', (code) => {
    box.fake('ssh', `exit ${code}`)
    expect(box.run('on-host', ['status'], HOST).code).toBe(code)
  })
})

describe('what the host says', () => {
  it('is no command to the runner, and the exit code stays', () => {
    box.fake('ssh', 'echo "::add-mask::a" >&2; echo "##[add-path]/tmp" >&2; exit 75')
    const words: (string | undefined)[] = []
    for (const _ of [1, 2]) {
      const env = { ...HOST, GITHUB_ACTIONS: 'true' }
      const { code, stderr, stdout, calls } = box.run('on-host', ['rollback', 'medusa'], env)
      expect([code, stdout]).toEqual([75, ''])
      const [stop, ...said] = stderr.split('\n')
      const word = /^::stop-commands::([0-9a-f]{32})$/.exec(stop ?? '')?.[1]
      expect(said).toEqual(['::add-mask::a', '##[add-path]/tmp', `::${word}::`])
      // The host must not know the word that lets commands in again.
      expect(calls.join('\n')).not.toContain(word)
      words.push(word)
    }
    expect(words[0]).not.toBe(words[1])
  })
})

describe('a deploy', () => {
  /** Runs the script against the host's own gate, whose rr-deploy is a fake. */
  function deploy(env: { [name: string]: string }, status: object = running(null, null)) {
    box.fake('sudo', 'shift; exec "$@"')
    const body = `echo "$*" >"$TOLD/words"; cat >"$TOLD/stdin"
source ${join(ROOT, 'nixos/deploy/record.bash')}
RR_BY=deploy; read_standard_input <"$TOLD/stdin"; echo "$RR_TOKEN $RR_BY" >"$TOLD/understood"`
    box.fake('rr-deploy', body)
    const gate = `${hostThatSays(status).split('\n')[0]}
export SSH_ORIGINAL_COMMAND=\${*: -1} RR_SUDO=sudo RR_DEPLOY=rr-deploy
exec bash ${join(ROOT, 'nixos/deploy/ssh-gate')}`
    box.fake('ssh', gate)
    return box.run('deploy', [], { ...TOKEN_ENV, ...env })
  }

  it.each([
    ['both apps', { MEDUSA_SHA: 'a'.repeat(40), STOREFRONT_SHA: 'b'.repeat(40) }],
    ['Medusa', { MEDUSA_SHA: 'a'.repeat(40), STOREFRONT_SHA: '' }],
    ['the storefront', { MEDUSA_SHA: '', STOREFRONT_SHA: 'b'.repeat(40) }],
  ])('of %s names what was built and nothing else', (_, env) => {
    expect(deploy(env).code).toBe(0)
    const { MEDUSA_SHA: medusa, STOREFRONT_SHA: storefront } = env
    const words = [medusa && `medusa ${medusa}`, storefront && `storefront ${storefront}`]
    expect(box.told('words').trim()).toBe(['deploy', ...words.filter(Boolean)].join(' '))
  })

  it('gives the token on standard input, then who asked, and the token nowhere else', () => {
    const { calls, stdout, stderr } = deploy({ MEDUSA_SHA: newer })
    expect(box.told('stdin')).toBe(`${TOKEN}\n${ASKED_BY}\n`)
    expect([...calls, stdout, stderr].join('\n')).not.toContain(TOKEN)
  })

  it('is understood by the host, whoever asked', () => {
    deploy({ MEDUSA_SHA: newer })
    expect(box.told('understood')).toBe(`${TOKEN} ${ASKED_BY}\n`)
    deploy({ MEDUSA_SHA: newer, ASKED_BY: `dependabot[bot] $(id)\n;${'x'.repeat(200)}` })
    expect(box.told('understood')).toBe(`${TOKEN} dependabotbot id${'x'.repeat(84)}\n`)
  })

  it('of nothing is refused before the host is asked', () => {
    expect(deploy({ MEDUSA_SHA: '', STOREFRONT_SHA: '' })).toMatchObject({ code: 2, calls: [] })
  })

  it('without a token is not asked for', () => {
    const { code, calls } = deploy({ MEDUSA_SHA: newer, REGISTRY_TOKEN: '' })
    expect(code).not.toBe(0)
    expect(calls.filter((call) => call.includes('deploy\\ '))).toEqual([])
  })

  it('that was started again does not put an older commit over a newer one', () => {
    const { code, calls, stderr } = deploy({ MEDUSA_SHA: older }, running(newer, null))
    expect(code).toBe(3)
    expect(calls).toHaveLength(1)
    expect(stderr).toContain(`which is newer than ${older}`)
  })

  it('of the commit that runs, or of one that follows it, goes on', () => {
    expect(deploy({ MEDUSA_SHA: newer }, running(newer, null)).code).toBe(0)
    expect(deploy({ MEDUSA_SHA: newer }, running(older, null)).code).toBe(0)
    expect(deploy({ MEDUSA_SHA: newer }, running(NOWHERE, null)).code).toBe(0)
  })

  it.each([1, 4, 255])('that the host ends with %i ends so', (code) => {
    box.fake('ssh', hostThatSays(running(null, null), code))
    expect(box.run('deploy', [], { ...TOKEN_ENV, MEDUSA_SHA: newer }).code).toBe(code)
  })

  it('stops when the host cannot be asked first', () => {
    box.fake('ssh', 'exit 255')
    const { code, calls } = box.run('deploy', [], { ...TOKEN_ENV, MEDUSA_SHA: newer })
    expect(code).toBe(255)
    expect(calls).toHaveLength(1)
  })
})

describe('a rollback', () => {
  function rollback(APP: string, RELEASE: string) {
    box.fake(
      'ssh',
      `cat >"$TOLD/stdin"; export SSH_ORIGINAL_COMMAND=\${*: -1} RR_SUDO=sudo RR_DEPLOY=rr-deploy
exec bash ${join(ROOT, 'nixos/deploy/ssh-gate')}`,
    )
    box.fake('sudo', 'shift; exec "$@"')
    box.fake('rr-deploy', `echo "$*" >"$TOLD/words"`)
    return box.run('rollback', [], { ...TOKEN_ENV, APP, RELEASE })
  }

  it('to the previous release needs no token', () => {
    expect(rollback('medusa', 'previous').code).toBe(0)
    expect([box.told('words').trim(), box.told('stdin')]).toEqual(['rollback medusa', ''])
  })

  it('to a commit is a deploy of it, with the token on standard input', () => {
    expect(rollback('storefront', older).code).toBe(0)
    expect([box.told('words').trim(), box.told('stdin')]).toEqual([
      `deploy storefront ${older}`,
      `${TOKEN}\n${ASKED_BY}\n`,
    ])
  })

  it.each([
    ['medusa; id', 'previous'],
    ['', 'previous'],
    ['medusa', ''],
    ['medusa', 'latest'],
    ['medusa', 'abc1234'],
    ['medusa', `${'a'.repeat(40)} storefront`],
    ['medusa', `previous\n${'a'.repeat(40)}`],
    ['medusa', '$(id)'],
  ])('of %j to %j is refused', (app, release) => {
    expect(rollback(app, release)).toMatchObject({ code: 2, calls: [] })
  })
})

describe('the status of the host', () => {
  /** Runs host-status against the host's own rr-deploy, of which nothing runs but these files. */
  function status(apps: object) {
    mkdirSync(join(box.folder, 'state/deploy'), { recursive: true })
    writeFileSync(join(box.folder, 'state/deploy/state.json'), JSON.stringify({ apps }))
    const ports = { blue: 9, green: 9, worker: 9 }
    writeFileSync(
      join(box.folder, 'apps.json'),
      JSON.stringify({ medusa: { pin: null, ports }, storefront: { pin: null, ports } }),
    )
    box.fake('sudo', 'shift; exec "$@"')
    box.fake('curl', 'exit 7')
    box.fake(
      'ssh',
      `export SSH_ORIGINAL_COMMAND=\${*: -1} RR_SUDO=sudo RR_DEPLOY=${join(ROOT, 'nixos/deploy/rr-deploy')}
export RR_STATE=$TOLD/state RR_APPS=$TOLD/apps.json
exec bash ${join(ROOT, 'nixos/deploy/ssh-gate')}`,
    )
    return box.run('host-status', [], HOST)
  }

  it('is what rr-deploy says: current, previous and earlier releases of each app', () => {
    const release = { current: newer, previous: older, earlier: [older], slot: 'blue' }
    const { code, stdout } = status({ medusa: release })
    expect(code).toBe(0)
    expect(JSON.parse(stdout).apps).toMatchObject({
      medusa: { ...release, health: 'no answer' },
      storefront: { health: 'not deployed' },
    })
  })
})
