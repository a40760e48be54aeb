import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import {
  createServer,
  type IncomingHttpHeaders,
  request as plainRequest,
  type Server,
} from 'node:http'
import { type RequestOptions, request } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
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
  readonly ports: { http: number; https: number; admin: number }
  private child: ChildProcess | undefined

  constructor(base: number) {
    this.ports = { http: base, https: base + 1, admin: base + 2 }
  }

  /** Environment as the unit sets it, and what tests may change. */
  private env(): NodeJS.ProcessEnv {
    return {
      PATH: process.env.PATH,
      HOME: this.folder,
      XDG_DATA_HOME: join(this.folder, 'data'),
      RR_DOMAIN: DOMAIN,
      RR_ACME_EMAIL: 'owner@shop.test',
      RR_UPSTREAMS: join(this.folder, 'upstreams'),
      RR_ASSETS: join(this.folder, 'assets'),
      RR_CERT_ISSUER: 'internal',
      RR_CADDY_ADMIN: `localhost:${this.ports.admin}`,
      RR_HTTP_PORT: String(this.ports.http),
      RR_HTTPS_PORT: String(this.ports.https),
    }
  }

  /** Writes where an app is, as a deploy does. */
  pointTo(app: 'medusa' | 'storefront', port: number): void {
    mkdirSync(join(this.folder, 'upstreams'), { recursive: true })
    writeFileSync(
      join(this.folder, `upstreams/${app}.caddy`),
      `(to_${app}) {\n\tto 127.0.0.1:${port}\n}\n`,
    )
  }

  /** Lets visitors in, or not, as `rr-deploy maintenance` does. */
  maintenance(on: boolean): void {
    mkdirSync(join(this.folder, 'upstreams'), { recursive: true })
    writeFileSync(
      join(this.folder, 'upstreams/maintenance.caddy'),
      `(maintenance) {\n${on ? '\terror 503\n' : ''}}\n`,
    )
  }

  async start(): Promise<void> {
    this.maintenance(false)
    const config = join(this.folder, 'Caddyfile')
    writeFileSync(config, `import ${ROOT}/nixos/caddy/Caddyfile\n`)
    let log = ''
    this.child = spawn(caddyProgram(), ['run', '--config', config, '--adapter', 'caddyfile'], {
      env: this.env(),
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    this.child.stderr?.on('data', (chunk) => {
      log = (log + chunk).slice(-20_000)
    })
    for (let tries = 0; tries < 150; tries++) {
      if (this.child.exitCode !== null) throw new Error(`Caddy ended:\n${log}`)
      // A site whose certificate is not made yet refuses the handshake.
      const ready = await Promise.all(
        [DOMAIN, `www.${DOMAIN}`, `api.${DOMAIN}`].map((host) =>
          this.get(host, '/').catch(() => null),
        ),
      )
      if (ready.every((answer) => answer !== null)) return
      await delay(100)
    }
    throw new Error(`Caddy did not serve within 15 s:\n${log}`)
  }

  /** Reads the files again, as `systemctl reload caddy` does. */
  async reload(): Promise<void> {
    const config = join(this.folder, 'Caddyfile')
    await promisify(execFile)(
      caddyProgram(),
      [
        'reload',
        '--force',
        '--config',
        config,
        '--adapter',
        'caddyfile',
        '--address',
        `localhost:${this.ports.admin}`,
      ],
      { env: this.env(), timeout: 30_000 },
    )
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
