import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Redis } from 'ioredis'
import type { HostFacts } from './nix.ts'

/** The host's servers: for the queue, for sessions, and for counters and cache. */
export type RedisServer = 'default' | 'sessions' | 'cache'

/** A Redis with the host's declared settings, on a port and in a folder of its own. */
export class DeclaredRedis {
  readonly folder = mkdtempSync(join(tmpdir(), 'rr-redis-'))
  private child: ChildProcess | undefined
  private readonly port: number
  private readonly password: string
  private readonly text: string

  /** @param more lines of redis.conf that the test alone wants, such as a smaller memory */
  constructor(
    port: number,
    password: string,
    facts: HostFacts,
    more: string[] = [],
    server: RedisServer = 'default',
  ) {
    this.port = port
    this.password = password
    const declared = facts.redis[server]
    if (!declared) throw new Error(`the host declares no Redis ${server}`)
    const { settings, bind, appendOnly, appendFsync, save } = declared
    // As services/databases/redis.nix renders the options.
    this.text = [
      `bind ${bind}`,
      `port ${port}`,
      `dir ${this.folder}`,
      `appendonly ${appendOnly ? 'yes' : 'no'}`,
      `appendfsync ${appendFsync}`,
      save.length === 0 ? 'save ""' : save.map(([s, n]) => `save ${s} ${n}`).join('\n'),
      ...Object.entries(settings).map(([name, value]) => `${name} ${value}`),
      `requirepass ${password}`,
      ...more,
      '',
    ].join('\n')
  }

  /** A client that fails instead of trying again. */
  async connect(): Promise<Redis> {
    const client = new Redis({
      host: '127.0.0.1',
      port: this.port,
      password: this.password,
      lazyConnect: true,
      connectTimeout: 2_000,
      maxRetriesPerRequest: 0,
      retryStrategy: () => null,
    })
    client.on('error', () => undefined)
    await client.connect()
    await client.ping()
    return client
  }

  async start(): Promise<void> {
    writeFileSync(join(this.folder, 'redis.conf'), this.text)
    this.child = spawn('redis-server', [join(this.folder, 'redis.conf')], { stdio: 'ignore' })
    for (let tries = 0; tries < 100; tries++) {
      const client = await this.connect().catch(() => null)
      if (client) {
        client.disconnect()
        return
      }
      await delay(50)
    }
    throw new Error('Redis did not start within 5 s')
  }

  /** Ends it as a power loss would; the folder stays for the next start. */
  async kill(): Promise<void> {
    const running = this.child
    if (!running || running.exitCode !== null || running.signalCode !== null) return
    running.kill('SIGKILL')
    await new Promise((resolve) => running.once('exit', resolve))
  }

  async stop(): Promise<void> {
    await this.kill()
    rmSync(this.folder, { recursive: true, force: true })
  }
}
