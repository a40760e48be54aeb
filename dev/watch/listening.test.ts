import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { hostFacts, ROOT } from '../host/nix.ts'
import { type Said, WATCH, World } from './world.ts'

let world: World
beforeEach(() => {
  world = new World()
})
afterEach(() => world.remove())

/** What the check says on a network of its own, on which these lines of a program listen. */
function listen(listeners: string, named: string[]): Said[] {
  world.facts({ listening: named })
  const program = join(world.folder, 'listen.cjs')
  writeFileSync(
    program,
    `const net = require('node:net'), dgram = require('node:dgram')
const tcp = (port, host) => new Promise((up) => net.createServer().listen(port, host, up))
const udp = (port, host) => new Promise((up) => dgram.createSocket('udp4').bind(port, host, up))
const socket = (path) => new Promise((up) => net.createServer().listen(path, up))
;(async () => {
  ${listeners}
  const done = require('node:child_process').spawnSync(process.argv[2], { stdio: 'inherit' })
  process.exit(done.status)
})()`,
  )
  const own = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user']
  const script = `ip link set lo up; exec ${process.execPath} ${program} ${WATCH}/checks/listening`
  const done = spawnSync('unshare', [...own, '--net', 'bash', '-c', script], {
    encoding: 'utf8',
    env: world.env,
    // A shell whose input is a socket takes itself for a remote one, and reads a person's settings.
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 20_000,
  })
  expect(done.stderr).toBe('')
  expect(done.status).toBe(0)
  return done.stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'))
    .map(([level = '', key = '', text = '']) => ({ level, key, text }))
}

const WELL = [{ level: 'well', key: 'listening', text: 'nothing listens but what is named' }]

describe('the check of what listens', () => {
  it('is content with what the configuration names, by IPv4 and IPv6, and with what does not run', () => {
    const program = `await tcp(5432, '127.0.0.1'); await tcp(5432, '::1'); await udp(53, '127.0.0.1')`
    expect(listen(program, ['tcp 5432', 'udp 53', 'tcp 80'])).toEqual(WELL)
  })

  it.each([
    ['a port of TCP', `await tcp(2019, '127.0.0.1')`, 'listening-tcp-2019'],
    ['a port of IPv6', `await tcp(2019, '::1')`, 'listening-tcp-2019'],
    ['a high port of TCP', `await tcp(40000, '127.0.0.1')`, 'listening-tcp-40000'],
    ['a port of UDP', `await udp(5432, '127.0.0.1')`, 'listening-udp-5432'],
    ['a port that only begins so', `await tcp(543, '127.0.0.1')`, 'listening-tcp-543'],
    ['an abstract socket', `await socket('\\0containerd-shim/x')`, 'listening-@containerd-shim-x'],
  ])('alarms about %s that is not named', (_what, program, key) => {
    const said = listen(program, ['tcp 5432'])
    expect(said.map(({ level, key }) => ({ level, key }))).toEqual([{ level: 'twice', key }])
  })

  it('leaves answers to questions by UDP and sockets with a path alone', () => {
    const path = join(world.folder, 'own.sock')
    const program = `await udp(40000, '127.0.0.1'); await socket(${JSON.stringify(path)})`
    expect(listen(program, ['tcp 22'])).toEqual(WELL)
  })

  it('says so when the configuration names nothing', async () => {
    world.facts({ listening: [] })
    const { code, stderr } = await world.run(['checks/listening'])
    expect([code, stderr]).toEqual([1, "the host's configuration does not say what may listen\n"])
  })
})

describe('the list of what listens on the host', () => {
  const { loopback, etc, containers, redis } = hostFacts('tests/hosts/tested.nix')
  const tcp = loopback.filter(({ protocol }) => protocol === 'tcp').map(({ port }) => port)

  it('is told to the check', () => {
    expect(JSON.parse(etc['rr-bizops/watch.json'] ?? '').listening).toEqual(
      loopback.map(({ protocol, port }) => `${protocol} ${port}`),
    )
  })

  it('has each port once: those of sshd, names, Caddy, the stores and the slots, and no other', () => {
    const all = Object.values(containers)
    const published = all.flatMap(({ ports }) => ports.map((port) => Number(port.split(':')[1])))
    const own = all
      .filter(({ networks }) => networks.includes('host'))
      .map(({ environment }) => Number(environment.PORT))
    const stores = [5432, ...Object.values(redis).map(({ port }) => port)]
    expect(tcp.toSorted()).toEqual([22, 53, 80, 443, ...stores, ...own, ...published].toSorted())
    expect(new Set(tcp).size).toBe(tcp.length)
    // Neither Docker's API nor Caddy's.
    for (const port of [2375, 2376, 2019]) expect(tcp).not.toContain(port)
  })

  it('says of each why, and what holds a container off that was taken over', () => {
    for (const row of loopback)
      for (const text of [row.what, row.why, row.guard]) expect(text.length).toBeGreaterThan(3)
  })

  it('is the table of docs/host.md', () => {
    const rows = readFileSync(join(ROOT, 'docs/host.md'), 'utf8')
      .split('\n')
      .filter((line) => /^\| (tcp|udp) \d+ /.test(line))
      .map((line) => line.split('|').map((cell) => cell.trim()))
      .map(([, ...cells]) => cells.slice(0, 4))
    expect(rows).toEqual(
      loopback.map(({ protocol, port, what, why, guard }) => [
        `${protocol} ${port}`,
        what,
        why,
        guard,
      ]),
    )
  })
})
