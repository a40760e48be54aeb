import { execFile } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

const TIMEOUT_MS = 180_000

/** Whether this build sends its maps: the pipeline has a token, a developer has none. */
export function sendsSourceMaps(): boolean {
  return Boolean(process.env.SENTRY_AUTH_TOKEN)
}

/** Sends one folder's maps; each file then has a debug id, by which Sentry finds its map. */
async function send(folder: string): Promise<void> {
  const release = process.env.GIT_SHA || 'unknown'
  await promisify(execFile)(
    'sentry',
    ['sourcemap', 'upload', folder, '--release', release, '--allow-empty'],
    { timeout: TIMEOUT_MS },
  )
}

/** What browsers may fetch keeps no map, and no word of one. */
export function removeMaps(folder: string): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (!entry.isFile()) continue
    if (entry.name.endsWith('.map')) rmSync(path)
    else if (/\.(js|css)$/.test(entry.name)) {
      const text = readFileSync(path, 'utf8')
      const clean = text.replace(/^(\/\/|\/\*)[#@] sourceMappingURL=.*$\n?/gm, '')
      if (clean !== text) writeFileSync(path, clean)
    }
  }
}

/** Next calls this when all is compiled and nothing is copied yet. A Sentry that is away stops no deploy. */
export async function sendSourceMaps({ distDir }: { distDir: string }): Promise<void> {
  const published = join(distDir, 'static')
  try {
    if (sendsSourceMaps()) {
      for (const folder of [published, join(distDir, 'server')]) await send(folder)
    }
  } catch (error) {
    const { stderr } = error as { stderr?: string }
    // Never the command or its environment: the token is there.
    console.warn(`source maps: not sent: ${stderr?.trim().split('\n').at(-1) ?? 'no answer'}`)
  } finally {
    removeMaps(published)
  }
}
