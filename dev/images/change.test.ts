import { execFileSync } from 'node:child_process'
import { appendFileSync, cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROOT } from '../shop/settings.ts'
import { build, docker, ownLayers, TAG, weigh } from './engine.ts'

/** What a registry and the host may have to move for a change of our own code (compressed). */
const MOVED_MB = 5

const CHANGED = {
  medusa: 'app/src/api/ready/checks.ts',
  storefront: 'storefront/src/components/frame/footer.tsx',
}

/** A copy of what git knows or would take: other files never are in a build's context. */
function copyOfRepository(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rr-images-context-'))
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  for (const path of listed.split('\0'))
    if (path && existsSync(join(ROOT, path))) cpSync(join(ROOT, path), join(folder, path))
  return folder
}

describe('a change of our own code, built where nothing has been built before', () => {
  let context: string
  beforeAll(() => {
    context = copyOfRepository()
  })
  afterAll(() => rmSync(context, { recursive: true, force: true }))

  it.each(['medusa', 'storefront'] as const)(
    'moves less than 5 MB of %s',
    async (app) => {
      appendFileSync(join(context, CHANGED[app]), '\nexport const touched = "by a test"\n')
      const tag = `${TAG[app].split(':')[0]}:changed`
      await build(app, tag, context, false)
      try {
        const before = new Set((await ownLayers(TAG[app])).map(({ digest }) => digest))
        const after = await ownLayers(tag)
        const moved = after.filter(({ digest }) => !before.has(digest))
        const { packedMb } = weigh(moved)
        console.log(`${app}: ${moved.length} of ${after.length} layers, ${packedMb.toFixed(2)} MB`)
        expect(moved.length).toBeGreaterThan(0)
        expect(packedMb).toBeLessThan(MOVED_MB)
      } finally {
        await docker(['rmi', tag])
      }
    },
    25 * 60_000,
  )
})
