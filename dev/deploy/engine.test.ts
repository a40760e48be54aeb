import { execFileSync, spawn, spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { hostFacts, ROOT } from '../host/nix.ts'
import { DOCKER } from '../images/engine.ts'
import { containerUnits } from '../rehearsal/units.ts'
import { BareEngine, canRunEngine } from './engine.ts'

const SHA = '0123456789abcdef0123456789abcdef01234567'
const NODE = process.execPath
const facts = hostFacts('tests/hosts/tested.nix')

/** Entrypoint of an image that says how it is held, then waits to be looked at. */
const ENTRYPOINT = `#!/bin/bash
id -u
grep -E '^(CapEff|CapBnd|NoNewPrivs|Seccomp):' /proc/self/status
touch /written 2>/dev/null && echo 'the root can be written to'
sleep 5`

/** All of Docker's that a step of a deploy calls, real; the shop's images are made by hand. */
describe.runIf(canRunEngine)('with a real Docker engine', () => {
  const engine = new BareEngine()
  const folder = mkdtempSync(join(tmpdir(), 'rr-real-docker-'))
  const state = join(folder, 'state')
  const dumps = join(state, 'dumps')

  beforeAll(async () => {
    await engine.start()
    for (const path of ['bin', 'secrets', 'state/deploy'])
      mkdirSync(join(folder, path), { recursive: true })
    writeFileSync(join(folder, 'bin/docker'), `#!/bin/bash\nexec ${DOCKER} "$@"\n`, { mode: 0o755 })
    writeFileSync(join(folder, 'secrets/medusa.env'), 'A=b\n')
    writeFileSync(join(folder, 'apps.json'), facts.etc['rr-bizops/apps.json'] ?? '')
    engine.image(
      `rr-bizops/medusa:${SHA}`,
      `${engine.programs('bash', 'id', 'grep', 'sleep', 'touch')}
      mkdir app; echo 'order/Migration1' >app/migrations
      cat >entrypoint <<'END'\n${ENTRYPOINT}\nEND
      chmod 755 entrypoint`,
      ['ENTRYPOINT ["/entrypoint"]', 'USER 0'],
    )
  }, 120_000)
  afterAll(async () => {
    await engine.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const env = () => ({
    ...engine.env,
    PATH: `${join(folder, 'bin')}:${engine.env.PATH}`,
    RR_STATE: state,
    RR_SECRETS: join(folder, 'secrets'),
    RR_APPS: join(folder, 'apps.json'),
    RR_MIGRATE_SECONDS: '30',
  })
  const step = (name: string, ...words: string[]) =>
    spawnSync(join(ROOT, 'nixos/deploy/steps', name), words, {
      env: env(),
      encoding: 'utf8',
      timeout: 60_000,
    })

  describe('the scripts of an image', () => {
    beforeEach(() => {
      rmSync(state, { recursive: true, force: true })
      mkdirSync(join(state, 'deploy'), { recursive: true })
      mkdirSync(dumps, { mode: 0o700 })
      writeFileSync(join(dumps, 'orders.dump'), 'orders', { mode: 0o600 })
    })

    /** Lays out what an image has that shell has made; `STATIC` is where Next.js has its own. */
    function assets(layOut: string, changes = ['CMD ["node", "server.js"]']) {
      const tag = `rr-bizops/storefront:${SHA}`
      const at = 'app/storefront/.next'
      engine.image(tag, `mkdir -p ${at}; STATIC=${at}/static\n${layOut}`, changes)
      const done = step('assets', SHA)
      return { ...done, left: engine.docker('ps', '-aq') + engine.docker('volume', 'ls', '-q') }
    }

    it('are laid out from an image without entrypoint or command', () => {
      const { status, stderr, left } = assets(
        'mkdir -p $STATIC/chunks; echo own >$STATIC/chunks/a.js',
        [],
      )
      expect([stderr, status, left]).toEqual(['', 0, ''])
      expect(readFileSync(join(state, 'assets/_next/static/chunks/a.js'), 'utf8')).toBe('own\n')
    })

    it.each([
      ['the folder itself is a link to root’s dumps', `ln -s ${dumps} $STATIC`],
      ['a folder inside is a link to them', `mkdir $STATIC; ln -s ${dumps} $STATIC/chunks`],
      ['a file inside is a link to one', `mkdir $STATIC; ln -s ${dumps}/orders.dump $STATIC/a.js`],
      ['two names are one file', 'mkdir $STATIC; echo a >$STATIC/a; ln $STATIC/a $STATIC/b'],
      ['a device is among them', 'mkdir $STATIC; mknod $STATIC/disk b 254 0'],
      ['a pipe is among them', 'mkdir $STATIC; mkfifo $STATIC/pipe'],
      ['a file runs as its owner', 'mkdir $STATIC; touch $STATIC/a; chmod 4755 $STATIC/a'],
      ['a file is another’s', 'mkdir $STATIC; touch $STATIC/a; chown 1000 $STATIC/a'],
      ['a name has a line end', "mkdir $STATIC; touch $STATIC/$'a\\nb'"],
      ['a file is large', 'mkdir $STATIC; truncate -s 60M $STATIC/a'],
      ['the folder is missing', 'true'],
    ])('end the deploy when %s', (_case, layOut) => {
      const { status, stderr, left } = assets(layOut)
      expect(status, stderr).toBe(1)
      expect(stderr).toContain('/app/storefront/.next/static')
      expect(left).toBe('')
      expect(existsSync(join(state, 'assets'))).toBe(false)
      expect(statSync(dumps).mode & 0o777).toBe(0o700)
      expect(statSync(join(dumps, 'orders.dump')).mode & 0o777).toBe(0o600)
      expect(statSync(join(dumps, 'orders.dump')).nlink).toBe(1)
    })

    it('are the image’s own where a folder above is a link', () => {
      const above = 'rmdir app/storefront/.next'
      const planted = `mkdir -p .${folder}/static; echo own >.${folder}/static/a.js`
      const { status } = assets(`${above}; ln -s ${folder} app/storefront/.next; ${planted}`)
      expect(status).toBe(0)
      expect(readdirSync(join(state, 'assets/_next/static'))).toEqual(['a.js'])
    })

    it('leave no volume behind when the image declares one', () => {
      const volume = ['VOLUME /app/storefront/.next/static', 'CMD ["node", "server.js"]']
      expect(assets('mkdir $STATIC; echo own >$STATIC/a.js', volume).left).toBe('')
    })
  })

  it('a list of migrations is read from an image that is not run', () => {
    const { stdout, stderr, status } = step('migrations', SHA)
    expect([stdout, stderr, status]).toEqual(['compatible\n', '', 0])
  })

  it('a migration is held exactly as the servers of its release', async () => {
    const unit = containerUnits(facts, (text) =>
      text.replace('/run/rr-bizops', join(folder, 'secrets')).replace('/var/lib/rr-bizops', state),
    )['docker-medusa-server-blue']
    const [, run, ...options] = unit?.command ?? []
    expect(run).toBe('run')
    mkdirSync(join(state, 'uploads'), { recursive: true })
    engine.docker('tag', `rr-bizops/medusa:${SHA}`, 'rr-bizops/medusa:blue')
    engine.docker('create', ...options)

    const child = spawn(join(ROOT, 'nixos/deploy/steps/migrate'), [SHA], { env: env() })
    let said = ''
    child.stderr.on('data', (chunk) => {
      said += chunk
    })
    const ended = new Promise((resolve) => child.once('close', resolve))
    for (let tries = 0; tries < 100 && !said.includes('Seccomp'); tries++) await delay(100)
    const config = (name: string) => {
      const [found] = JSON.parse(engine.docker('inspect', name)) as {
        HostConfig: Record<string, unknown>
        Config: { User: string }
      }[]
      const names = ['ReadonlyRootfs', 'CapAdd', 'CapDrop', 'SecurityOpt', 'PidsLimit', 'Memory']
      names.push('MemorySwap', 'Tmpfs', 'Init', 'LogConfig', 'Privileged', 'NetworkMode', 'PidMode')
      names.push('IpcMode', 'UsernsMode', 'Devices')
      return [found?.Config.User, ...names.map((each) => found?.HostConfig[each])]
    }
    const migration = config('rr-migrate')
    expect(migration).toEqual(config('medusa-server-blue'))
    expect(migration).toContainEqual(1024 ** 3)
    expect(await ended).toBe(0)
    expect(said.split(/\s+/).slice(0, 7)).toEqual([
      '1000',
      'CapEff:',
      '0000000000000000',
      'CapBnd:',
      '0000000000000000',
      'NoNewPrivs:',
      '1',
    ])
    expect(said).not.toContain('can be written to')
    engine.docker('rm', '-f', 'medusa-server-blue')
  }, 120_000)

  it('an image that is missing is asked for nowhere', () => {
    const { status, stderr } = step('migrate', 'f'.repeat(40))
    expect(status).toBe(1)
    expect(stderr).toMatch(/no such image/i)
    expect(stderr).not.toMatch(/unable to find|pull/i)
  })

  it('runs nothing without being told how it is held', () => {
    const path = join(folder, 'apps.json')
    const told = readFileSync(path, 'utf8')
    try {
      for (const run of [undefined, [], '--privileged']) {
        const apps = JSON.parse(told)
        apps.medusa.run = run
        writeFileSync(path, JSON.stringify(apps))
        const { status, stderr } = step('migrate', SHA)
        expect([status, stderr]).toEqual([
          1,
          `${path} does not say how medusa's image may be run\n`,
        ])
      }
    } finally {
      writeFileSync(path, told)
    }
  })

  describe('a container on the host’s network', () => {
    const ask = `require('node:net').connect(process.argv[1].replace('@', '\\0'))
      .on('connect', () => process.exit(0)).on('error', () => process.exit(3))`
    const held = [
      ...['--rm', '--network=host', '--user=1000:1000', '--cap-drop=ALL', '--read-only'],
      ...['--security-opt=no-new-privileges', '--pull=never'],
    ]
    beforeAll(() => {
      engine.image('rr-test/node:1', engine.programs('bash', 'sleep', NODE))
    }, 120_000)
    const connect = (path: string) =>
      spawnSync(DOCKER, ['run', ...held, 'rr-test/node:1', '/bin/node', '-e', ask, path], {
        env: engine.env,
        encoding: 'utf8',
        timeout: 60_000,
      }).status

    it('opens every abstract socket there, which is why none may be', async () => {
      const listen = `require('node:net').createServer().listen('\\0rr-abstract')`
      const nsenter = ['-t', String(engine.pid), '-n', NODE, '-e', listen]
      const listener = spawn('nsenter', nsenter, { stdio: 'ignore' })
      try {
        await delay(1_000)
        expect(connect('@rr-abstract')).toBe(0)
        expect(connect('@rr-other')).toBe(3)
      } finally {
        listener.kill('SIGKILL')
      }
    })

    it('finds none of Docker’s or containerd’s there, and none of their sockets with a path', () => {
      engine.docker(
        'run',
        '-d',
        '--name',
        'rr-sleeper',
        ...held,
        'rr-test/node:1',
        '/bin/sleep',
        '60',
      )
      const sockets = execFileSync(
        'nsenter',
        ['-t', String(engine.pid), '-n', 'cat', '/proc/net/unix'],
        {
          encoding: 'utf8',
        },
      )
        .split('\n')
        .map((line) => line.trim().split(/\s+/))
        .filter(([, , , flags]) => flags === '00010000')
        .map((cells) => cells[7] ?? '')
      expect(sockets.filter((path) => path.startsWith('@'))).toEqual([])
      const theirs = sockets.filter((path) => path.startsWith('/'))
      expect(theirs.join('\n')).toContain('docker.sock')
      for (const path of theirs) expect(connect(path), path).toBe(3)
      engine.docker('rm', '-f', 'rr-sleeper')
    }, 120_000)
  })
})
