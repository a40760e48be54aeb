import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import {
  createServer,
  type IncomingHttpHeaders,
  request as plainRequest,
  type Server,
} from 'node:http'
import { type RequestOptions, request } from 'node:https'
import { type AddressInfo, connect as connectPlain } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { connect } from 'node:tls'
import { promisify } from 'node:util'
import { ROOT } from './nix.ts'
import { caddyProgram } from './tools.ts'

/** The domain of the tests; requests name it and go to loopback. */
export const DOMAIN = 'shop.test'

/** One answer, whole. */
export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  body: string
}

/** What an echo server tells of a request: who it is, and what arrived. */
export interface Echo {
  server: string
  url: string
  headers: IncomingHttpHeaders
  bytes: number
}

/** A server that answers with what it was asked; `name` tells which of several it was. */
export async function startEcho(name: string, port = 0): Promise<{ port: number; stop(): void }> {
  const server: Server = createServer(async (incoming, response) => {
    let bytes = 0
    try {
      for await (const chunk of incoming) bytes += (chunk as Buffer).length
    } catch {
      // Caddy has refused the rest of the body: nobody waits for an answer.
      return
    }
    const echo: Echo = { server: name, url: incoming.url ?? '', headers: incoming.headers, bytes }
    response.writeHead(200, {
      'content-type': 'application/json',
      'x-powered-by': 'echo',
      server: 'echo',
    })
    response.end(JSON.stringify({ ...echo, padding: 'x'.repeat(2_000) }))
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    stop: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** Caddy with the declared files, on loopback, with certificates of its own. */
export class DeclaredCaddy {
  readonly folder = mkdtempSync(join(tmpdir(), 'rr-caddy-'))
  readonly ports: { http: number; https: number }
  /** Where its admin API listens; on the host the unit's folder below /run has it. */
  readonly admin = join(this.folder, 'run/admin.sock')
  /** Where deploys write the ways to the apps, and the scripts of the last releases. */
  private ways = join(this.folder, 'ways')
  private assets = join(this.folder, 'assets')
  private child: ChildProcess | undefined
  /** Variables that a host sets by options of its own. */
  extra: Record<string, string> = {}
  /** Shell that mounts something first, in a mount namespace that only Caddy sees. */
  mounts: string | undefined

  /** @param ports the first of two free ports, or each by name */
  constructor(ports: number | { http: number; https: number }) {
    this.ports = typeof ports === 'number' ? { http: ports, https: ports + 1 } : ports
  }

  /** Environment as the unit sets it, and what tests may change. */
  private env(): Record<string, string> {
    return {
      PATH: process.env.PATH ?? '',
      HOME: this.folder,
      XDG_DATA_HOME: join(this.folder, 'data'),
      RR_DOMAIN: DOMAIN,
      RR_ACME_EMAIL: 'owner@shop.test',
      RR_WAYS: this.ways,
      RR_ASSETS: this.assets,
      RR_CERT_ISSUER: 'internal',
      RR_CADDY_ADMIN: this.admin,
      RR_HTTP_PORT: String(this.ports.http),
      RR_HTTPS_PORT: String(this.ports.https),
      ...this.extra,
    }
  }

  /** Writes where an app is, as a deploy does. */
  pointTo(app: 'medusa' | 'storefront', port: number): void {
    mkdirSync(this.ways, { recursive: true })
    const file = join(this.ways, app)
    writeFileSync(`${file}.new`, `127.0.0.1:${port}\n`)
    renameSync(`${file}.new`, file)
  }

  /** Lets visitors in, or not, as `rr-deploy maintenance` does. */
  maintenance(on: boolean): void {
    if (on) writeFileSync(join(this.ways, 'maintenance'), '')
    else rmSync(join(this.ways, 'maintenance'), { force: true })
  }

  /** Takes the state folder of a host's deploys instead of one of its own. */
  useState(state: string): void {
    this.ways = join(state, 'ways')
    this.assets = join(state, 'assets')
  }

  /** How a supervisor runs and reloads it, with the unit's own arguments. */
  unit(): { command: string[]; reload: string[]; env: Record<string, string> } {
    const config = join(this.folder, 'Caddyfile')
    mkdirSync(dirname(this.admin), { recursive: true, mode: 0o700 })
    writeFileSync(config, `import ${ROOT}/nixos/caddy/Caddyfile\n`)
    const common = ['--config', config, '--adapter', 'caddyfile']
    return {
      command: [caddyProgram(), 'run', ...common],
      // As the unit's ExecReload: where the admin API listens is read from the files.
      reload: [caddyProgram(), 'reload', '--force', ...common],
      env: this.env(),
    }
  }

  /** The process that runs. */
  get pid(): number {
    return this.child?.pid ?? 0
  }

  async start(): Promise<void> {
    const { command, env } = this.unit()
    const own = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user']
    const first = this.mounts
      ? ['unshare', ...own, '--mount', 'bash', '-c', `${this.mounts} && exec "$@"`, '--']
      : []
    const [program = '', ...args] = [...first, ...command]
    let log = ''
    this.child = spawn(program, args, { env, stdio: ['ignore', 'ignore', 'pipe'] })
    this.child.stderr?.on('data', (chunk) => {
      log = (log + chunk).slice(-20_000)
    })
    await this.serves(() => {
      if (this.child?.exitCode !== null) throw new Error(`Caddy ended:\n${log}`)
    }).catch((error: Error) => {
      throw new Error(`${error.message}\n${log}`)
    })
  }

  /** Waits until each site has its certificate: before, it refuses the handshake. */
  async serves(check: () => void = () => undefined): Promise<void> {
    for (let tries = 0; tries < 150; tries++) {
      check()
      const sites = [DOMAIN, `www.${DOMAIN}`, `api.${DOMAIN}`]
      const ready = await Promise.all(sites.map((host) => this.handshake(host)))
      if (ready.every(Boolean)) return
      await delay(100)
    }
    throw new Error('Caddy did not serve within 15 s')
  }

  private handshake(servername: string): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect(
        { host: '127.0.0.1', port: this.ports.https, servername, rejectUnauthorized: false },
        () => {
          resolve(true)
          socket.destroy()
        },
      )
      socket.once('error', () => resolve(false))
    })
  }

  /** Takes the files anew, as `systemctl reload caddy` does; `text` instead of them for a broken rebuild. */
  async reload(text?: string): Promise<void> {
    const { reload, env } = this.unit()
    if (text !== undefined) writeFileSync(join(this.folder, 'Caddyfile'), text)
    const [program = '', ...args] = reload
    await promisify(execFile)(program, args, { env, timeout: 30_000 })
  }

  /** One request to a host by TLS; `from` is the address that it comes from. */
  get(
    host: string,
    path: string,
    options: {
      method?: string
      headers?: Record<string, string>
      body?: string | Buffer
      from?: string
      to?: string
    } = {},
  ): Promise<Answer> {
    const { method = 'GET', headers = {}, body, from, to = '127.0.0.1' } = options
    const settings: RequestOptions = {
      host: to,
      port: this.ports.https,
      servername: host,
      rejectUnauthorized: false,
      agent: false,
      path,
      method,
      headers: { host, ...headers },
      timeout: 40_000,
      localAddress: from,
    }
    return new Promise((resolve, reject) => {
      const asked = request(settings, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk) => chunks.push(chunk))
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(chunks).toString('latin1'),
          }),
        )
        response.on('error', reject)
      })
      asked.once('error', reject)
      asked.once('timeout', () => asked.destroy(new Error('no answer within 40 s')))
      asked.end(body)
    })
  }

  /**
   * Sends text as it is, as no client of HTTP would; by TLS when a name is given.
   * @returns all that came back
   */
  raw(text: string, servername?: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const host = '127.0.0.1'
      const socket = servername
        ? connect({ host, port: this.ports.https, servername, rejectUnauthorized: false })
        : connectPlain({ host, port: this.ports.http })
      let answer = ''
      socket.setTimeout(15_000, () => socket.destroy(new Error('no end of the answer within 15 s')))
      socket.on('data', (chunk) => {
        answer += chunk.toString('latin1')
      })
      socket.once('error', reject)
      socket.once('close', () => resolve(answer))
      socket.write(text)
    })
  }

  /** One request without TLS. */
  getPlain(host: string, path: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const asked = plainRequest(
        {
          host: '127.0.0.1',
          port: this.ports.http,
          path,
          headers: { host },
          agent: false,
          timeout: 10_000,
        },
        (response) => {
          response.resume()
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body: '' }),
          )
        },
      )
      asked.once('error', reject)
      asked.end()
    })
  }

  async stop(): Promise<void> {
    const child = this.child
    if (child && child.exitCode === null) {
      child.kill('SIGKILL')
      await new Promise((resolve) => child.once('exit', resolve))
    }
    rmSync(this.folder, { recursive: true, force: true })
  }
}
