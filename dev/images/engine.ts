import { execFile } from 'node:child_process'
import { createReadStream, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { createGzip } from 'node:zlib'
import { ROOT } from '../shop/settings.ts'

const execute = promisify(execFile)

/** Debian's client where there are several: another one on PATH may be a wrapper. */
export const DOCKER =
  process.env.RR_DOCKER ?? (existsSync('/usr/bin/docker') ? '/usr/bin/docker' : 'docker')

/** What `medusa build` and `next build` need on two busy cores without any cache. */
const BUILD_MS = 20 * 60_000

export type App = 'medusa' | 'storefront'

/** Where each app's sources are. */
export const WORKSPACE = { medusa: 'app', storefront: 'storefront' } as const

/** The images under test. */
export const TAG = { medusa: 'rr-images-test/medusa:1', storefront: 'rr-images-test/storefront:1' }

/** The commit that the images under test say they are built from. */
export const SHA = '0123456789abcdef0123456789abcdef01234567'

export const PUBLISHABLE_KEY = `pk_${'0d'.repeat(32)}`

/** Runs Docker's client; gives what it prints, both streams. @throws with both when it fails */
export async function docker(args: string[], timeoutMs = 120_000): Promise<string> {
  const { stdout, stderr } = await execute(DOCKER, args, {
    env: { ...process.env, DOCKER_BUILDKIT: '1' },
    maxBuffer: 64 * 1024 ** 2,
    timeout: timeoutMs,
  })
  return `${stdout}${stderr}`.trim()
}

/** The base image: the pinned one, or a stand-in where none can be pulled. */
export function baseImage(): string {
  if (process.env.RR_NODE_IMAGE) return process.env.RR_NODE_IMAGE
  const pinned = /^ARG NODE_IMAGE=(\S+)/m.exec(readFileSync(join(ROOT, 'app/Dockerfile'), 'utf8'))
  if (!pinned?.[1]) throw new Error('app/Dockerfile names no NODE_IMAGE')
  return pinned[1]
}

/**
 * Builds an image as the pipeline does.
 * @param context another copy of the repository
 * @param cache false: as on a machine that has never built it
 */
export async function build(app: App, tag: string, context = ROOT, cache = true): Promise<void> {
  const args = {
    NODE_IMAGE: baseImage(),
    GIT_SHA: SHA,
    ...(app === 'storefront' && {
      NEXT_PUBLIC_MEDUSA_BACKEND_URL: 'https://api.shop.test',
      NEXT_PUBLIC_MEDUSA_PUBLISHABLE_KEY: PUBLISHABLE_KEY,
    }),
  }
  await docker(
    [
      ...['build', '--network=host', '--progress=plain', '--tag', tag],
      ...['--file', join(context, WORKSPACE[app], 'Dockerfile'), ...(cache ? [] : ['--no-cache'])],
      ...Object.entries(args).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
      context,
    ],
    BUILD_MS,
  )
}

/** One file of a layer, as tar lists it. */
export interface LayerFile {
  path: string
  mode: string
  owner: string
  bytes: number
}

/** A layer of an image above its base. */
export interface Layer {
  /** Digest of its contents: the same in two images means that it moves only once. */
  digest: string
  /** Sizes of its files, and of the whole layer as a registry moves it (gzip). */
  unpackedBytes: number
  packedBytes: number
  files: LayerFile[]
}

async function layersIn(image: string): Promise<string[]> {
  return JSON.parse(
    await docker(['image', 'inspect', '--format', '{{json .RootFS.Layers}}', image]),
  )
}

async function gzipSize(path: string): Promise<number> {
  let bytes = 0
  await pipeline(createReadStream(path), createGzip(), async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) bytes += chunk.length
  })
  return bytes
}

async function listFiles(path: string): Promise<LayerFile[]> {
  const { stdout } = await execute('tar', ['--numeric-owner', '-tvf', path], {
    maxBuffer: 64 * 1024 ** 2,
  })
  return stdout.split('\n').flatMap((line) => {
    const match = /^(\S+) (\S+) +(\d+) \S+ \S+ (.*?)( -> .*)?$/.exec(line)
    if (!match) return []
    const [, mode = '', owner = '', bytes, path = ''] = match
    return [{ mode, owner, bytes: Number(bytes), path: `/${path.replace(/^\.?\/|\/$/g, '')}` }]
  })
}

/** The image's own layers, in order: all above the base image. */
export async function ownLayers(tag: string): Promise<Layer[]> {
  const folder = mkdtempSync(join(tmpdir(), 'rr-images-save-'))
  try {
    await docker(['save', '--output', join(folder, 'image.tar'), tag], 300_000)
    await execute('tar', ['-C', folder, '-xf', join(folder, 'image.tar')])
    const [manifest] = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'))
    const digests = await layersIn(tag)
    const own: Layer[] = []
    for (let at = (await layersIn(baseImage())).length; at < digests.length; at++) {
      const path = join(folder, manifest.Layers[at])
      const files = await listFiles(path)
      own.push({
        digest: digests[at] ?? '',
        unpackedBytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
        packedBytes: await gzipSize(path),
        files,
      })
    }
    return own
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What a set of layers weighs, in MB (10^6 bytes). */
export function weigh(layers: Layer[]): { unpackedMb: number; packedMb: number } {
  const sum = (of: (layer: Layer) => number) =>
    layers.reduce((total, layer) => total + of(layer), 0) / 1e6
  return {
    unpackedMb: sum((each) => each.unpackedBytes),
    packedMb: sum((each) => each.packedBytes),
  }
}
