import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { request } from 'node:http'
import { dirname } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DeclaredCaddy, DOMAIN, startEcho } from './caddy.ts'

const caddy = new DeclaredCaddy(28464)
let storefront: Awaited<ReturnType<typeof startEcho>>

beforeAll(async () => {
  storefront = await startEcho('storefront')
  caddy.pointTo('storefront', storefront.port)
  caddy.pointTo('medusa', storefront.port)
  await caddy.start()
})
afterAll(async () => {
  storefront?.stop()
  await caddy.stop()
})

/** What the admin API says to a request by its socket. */
function ask(path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request({ socketPath: caddy.admin, path, timeout: 5_000 }, (response) => {
      response.resume()
      response.on('end', () => resolve(response.statusCode))
    })
      .once('error', reject)
      .end()
  })
}

/** Ports on which a process listens, of TCP, by what the kernel says of its sockets. */
function listening(pid: number): number[] {
  const sockets = execFileSync('ls', ['-l', `/proc/${pid}/fd`], { encoding: 'utf8' })
  const inodes = new Set([...sockets.matchAll(/socket:\[(\d+)\]/g)].map(([, inode]) => inode))
  return ['tcp', 'tcp6']
    .flatMap((name) => readFileSync(`/proc/${pid}/net/${name}`, 'utf8').split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , , state, , , , , , inode]) => state === '0A' && inodes.has(inode))
    .map(([, local = '']) => Number.parseInt(local.split(':').at(-1) ?? '', 16))
    .sort()
}

describe("Caddy's admin API", () => {
  it('is on no port that a container on the host’s network could reach', () => {
    expect(listening(caddy.pid)).toEqual([caddy.ports.http, caddy.ports.https])
  })

  it('is a socket that only its own user can open', async () => {
    expect(await ask('/config/')).toBe(200)
    expect(statSync(caddy.admin).mode & 0o777).toBe(0o600)
    expect(statSync(dirname(caddy.admin)).mode & 0o777).toBe(0o700)
  })

  it('is refused to the user of the containers', (context) => {
    if (process.getuid?.() !== 0) return context.skip('only root becomes another user')
    // The folder's mode is the first wall; the socket's own must hold without it.
    const { stdout, status } = spawnSync(
      'bash',
      [
        '-c',
        `chmod 711 "$(dirname "$1")" "$(dirname "$(dirname "$1")")"
        setpriv --reuid 1000 --regid 1000 --clear-groups curl -sS -m 5 --unix-socket "$1" http://caddy/config/
        code=$?; chmod 700 "$(dirname "$1")"; exit "$code"`,
        '--',
        caddy.admin,
      ],
      { encoding: 'utf8', timeout: 10_000 },
    )
    expect(stdout).toBe('')
    expect(status).toBe(7)
  })

  it('is found by a reload, which names no address', async () => {
    await caddy.reload()
    expect((await caddy.get(DOMAIN, '/eu')).status).toBe(200)
    expect(statSync(caddy.admin).mode & 0o777).toBe(0o600)
    expect(await ask('/config/')).toBe(200)
  })

  it('is open again after Caddy was killed and its socket stayed', async () => {
    process.kill(caddy.pid, 'SIGKILL')
    await caddy.start()
    expect(await ask('/config/')).toBe(200)
  })
})
