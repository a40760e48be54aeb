import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hostFacts, ROOT } from '../host/nix.ts'

const SSHD = '/usr/sbin/sshd'
const PORT = 28480
const INSIDE = 28481
const [declared = ''] = hostFacts('tests/hosts/tested.nix').deployKeys

/** The pipeline's key at a real sshd, with the very line of authorized_keys that the host has. */
describe.runIf(existsSync(SSHD))('whoever has the pipeline’s key', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rr-ssh-'))
  let sshd: ChildProcess
  let inside: Server
  let reached = 0

  beforeAll(async () => {
    for (const name of ['host', 'pipeline'])
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, name)])
    // What sudo and rr-deploy would be given is said instead.
    const gate = `RR_SUDO=echo RR_DEPLOY=rr-deploy exec bash ${ROOT}/nixos/deploy/ssh-gate`
    writeFileSync(join(folder, 'gate'), `#!/bin/bash\n${gate}\n`, { mode: 0o755 })
    const line = declared
      .replace(/command="[^"]*"/, `command="${join(folder, 'gate')}"`)
      .replace(/ssh-ed25519 .*/, readFileSync(join(folder, 'pipeline.pub'), 'utf8'))
    writeFileSync(join(folder, 'authorized_keys'), line, { mode: 0o600 })
    if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true })
    const options = [
      ...[`ListenAddress=127.0.0.1:${PORT}`, `HostKey=${folder}/host`, 'PidFile=none'],
      ...[`AuthorizedKeysFile=${folder}/authorized_keys`, 'StrictModes=no', 'UsePAM=no'],
      ...['PasswordAuthentication=no', 'PermitRootLogin=prohibit-password'],
      'Subsystem=sftp internal-sftp',
    ]
    const words = options.flatMap((each) => ['-o', each])
    sshd = spawn(SSHD, ['-D', '-e', '-f', '/dev/null', ...words], { stdio: 'ignore' })
    inside = createServer((socket) => {
      reached++
      socket.destroy()
    })
    await new Promise<void>((up) => inside.listen(INSIDE, '127.0.0.1', up))
    for (let tries = 0; tries < 100 && (await ask('status')).code === 255; tries++) await delay(100)
  })
  afterAll(() => {
    sshd?.kill()
    inside?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const client = [
    ...['-F', 'none', '-i', join(folder, 'pipeline'), '-o', 'IdentitiesOnly=yes'],
    ...[
      '-o',
      'BatchMode=yes',
      '-o',
      `UserKnownHostsFile=${folder}/known`,
      '-o',
      'IdentityAgent=none',
    ],
    ...['-o', 'StrictHostKeyChecking=accept-new', '-o', 'ConnectTimeout=15'],
  ]
  /** One call of ssh with these options and words; this process's servers answer meanwhile. */
  function ask(
    request: string,
    ...options: string[]
  ): Promise<{ code: number | null; output: string }> {
    const to = [
      '-p',
      String(PORT),
      `${userInfo().username}@127.0.0.1`,
      ...(request ? [request] : []),
    ]
    const child = spawn('ssh', [...client, ...options, ...to], {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 30_000,
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        output += chunk
      })
    return new Promise((resolve) => child.once('close', (code) => resolve({ code, output })))
  }

  it('may ask what the gate lets through', async () => {
    expect(await ask('status --json')).toMatchObject({ code: 0, output: 'rr-deploy status --json' })
  })

  it.each([
    ['a shell', ''],
    ['a program', 'id'],
    ['a file', 'cat /etc/rr-bizops/.env'],
    ['a restore', 'rollback medusa --restore'],
    ['maintenance', 'maintenance on'],
    ['an image of another name', 'deploy evil/medusa latest'],
  ])('gets no more than a sentence for %s', async (_what, request) => {
    const { code, output } = await ask(request)
    expect(code).toBe(2)
    expect(output).toMatch(/refused: this key may run only/)
  })

  it('gets no terminal', async () => {
    const { output } = await ask('status', '-tt')
    expect(output).toMatch(/PTY allocation request failed/)
  })

  it('gets no files by sftp or scp', async () => {
    const { code } = await ask('sftp', '-s')
    expect(code).toBe(2)
    const copied = join(folder, 'copied')
    const from = `${userInfo().username}@127.0.0.1:/etc/hostname`
    spawnSync('scp', [...client, '-P', String(PORT), from, copied], { timeout: 30_000 })
    expect(existsSync(copied)).toBe(false)
  })

  it('gets no port, neither of the host’s loopback nor for others to come in by', async () => {
    const { code, output } = await ask('', '-W', `127.0.0.1:${INSIDE}`)
    expect(code).not.toBe(0)
    expect(output).toMatch(/administratively prohibited/)
    const remote = ['-N', '-o', 'ExitOnForwardFailure=yes', '-R', '28482:127.0.0.1:22']
    expect((await ask('', ...remote)).code).toBe(255)
    expect(reached).toBe(0)
  })

  it('cannot choose what the gate runs by the environment', async () => {
    const set = ['-o', 'SetEnv=RR_SUDO=/bin/sh RR_DEPLOY=/bin/sh BASH_ENV=/etc/hostname']
    expect(await ask('status', ...set)).toMatchObject({ code: 0, output: 'rr-deploy status' })
  })
})
