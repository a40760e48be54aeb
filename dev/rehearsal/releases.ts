import { randomBytes } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Engine } from './engine.ts'
import { BUILT, DATA, REGISTRY, STAND_IN } from './settings.ts'

export type App = 'medusa' | 'storefront'

/** What is wrong with a release, and how its image differs from a good one. */
const FAULTS = {
  none: [],
  'does not start': ['ENTRYPOINT ["sh", "-c", "echo broken; exit 1"]', 'CMD []'],
  'is never ready': ['ENTRYPOINT ["sleep", "600"]', 'CMD []'],
  'answers 500': ['COPY answers-500.cjs /', 'ENV NODE_OPTIONS=--require=/answers-500.cjs'],
  'eats memory': ['COPY eats-memory.cjs /', 'ENV NODE_OPTIONS=--require=/eats-memory.cjs'],
  'has a failing migration': [
    'USER root',
    'RUN echo rehearsal-fails >>/app/migrations',
    'COPY migration-fails /app/entrypoint',
    'USER 1000:1000',
  ],
  'has a hanging migration': [
    'USER root',
    'RUN echo rehearsal-hangs >>/app/migrations',
    'COPY migration-hangs /app/entrypoint',
    'USER 1000:1000',
  ],
} as const
export type Fault = keyof typeof FAULTS

const FILES: Record<string, string> = {
  // Ready and healthy by its own word, broken for every visitor.
  'answers-500.cjs': `const { Server } = require('node:http')
const emit = Server.prototype.emit
Server.prototype.emit = function (event, request, response) {
  if (event === 'request' && !/^\\/(ready|health|api\\/health)/.test(request.url)) {
    response.writeHead(500).end('broken')
    return true
  }
  return emit.apply(this, arguments)
}
`,
  'eats-memory.cjs': `const eaten = []
setInterval(() => eaten.push(Buffer.alloc(64 * 1024 * 1024, 1)), 100).unref()
`,
  'migration-fails':
    '#!/bin/sh\n[ "$1" = migrate ] && { echo "this migration fails"; exit 1; }\nexit 1\n',
  'migration-hangs': '#!/bin/sh\nexec sleep 600\n',
}

/** Makes releases out of the built images, each a commit of its own, and puts them into the registry. */
export class Releases {
  private readonly engine: Engine
  private readonly folder = join(DATA, 'releases')
  private readonly stocked: Record<App, string[]> = { medusa: [], storefront: [] }

  constructor(engine: Engine) {
    this.engine = engine
    rmSync(this.folder, { recursive: true, force: true })
    mkdirSync(this.folder, { recursive: true })
    for (const [name, text] of Object.entries(FILES))
      writeFileSync(join(this.folder, name), text, { mode: 0o755 })
  }

  /**
   * Builds good releases ahead, before a scenario is measured: the host of production builds nothing.
   * Two of the storefront and one of Medusa are what one scenario needs.
   */
  async stock(): Promise<void> {
    for (const [app, wanted] of [
      ['medusa', 1],
      ['storefront', 2],
    ] as const)
      while (this.stocked[app].length < wanted)
        this.stocked[app].push(await this.build(app, 'none'))
  }

  /** Publishes a release; gives its SHA. */
  async publish(app: App, fault: Fault = 'none'): Promise<string> {
    const ahead = fault === 'none' ? this.stocked[app].shift() : undefined
    return ahead ?? this.build(app, fault)
  }

  /** docs/runbooks/github-gone.md: an image that no registry has seen; gives its SHA. */
  async byHand(app: App): Promise<string> {
    const sha = randomBytes(20).toString('hex')
    await this.make(app, 'none', sha, `rr-bizops/${app}:${sha}`)
    return sha
  }

  private async build(app: App, fault: Fault): Promise<string> {
    const sha = randomBytes(20).toString('hex')
    const tag = `${REGISTRY}/${app}:${sha}`
    await this.make(app, fault, sha, tag)
    await this.engine.docker(['push', '--quiet', tag])
    // Only the registry has it from here on.
    await this.engine.docker(['rmi', tag])
    return sha
  }

  private async make(app: App, fault: Fault, sha: string, tag: string): Promise<void> {
    const file = join(this.folder, `Dockerfile.${sha}`)
    writeFileSync(
      file,
      [`FROM ${BUILT[app]}`, `ENV GIT_SHA=${sha}`, ...FAULTS[fault], ''].join('\n'),
    )
    await this.engine.docker([
      ...['build', '--quiet', '--file', file, '--tag', tag, '--network=none'],
      ...['--label', `org.opencontainers.image.revision=${sha}`, this.folder],
    ])
  }

  /** Keeps what releases are made from out of reach of a prune; on the host nothing is made. */
  async putAside(): Promise<void> {
    const wanted = [BUILT.medusa, BUILT.storefront, STAND_IN]
    const tags = (await this.engine.docker(['images', '--format', '{{.Repository}}:{{.Tag}}']))
      .split('\n')
      .filter((tag) => wanted.includes(tag))
    await this.engine.docker(['save', '--output', join(DATA, 'built.tar'), ...tags])
  }

  async takeBack(): Promise<void> {
    await this.engine.docker(['load', '--quiet', '--input', join(DATA, 'built.tar')])
    rmSync(join(DATA, 'built.tar'))
  }
}
