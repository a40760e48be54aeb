import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { apiPage } from './api-page.ts'
import { caddyRoutes } from './caddy-routes.ts'
import { ROOT } from './listed.ts'

it("is written down for Caddy: run 'npm run surface' after a change", async () => {
  await expect(caddyRoutes()).toMatchFileSnapshot(join(ROOT, 'nixos/caddy/api-routes.caddy'))
})

it("is written down for people: run 'npm run surface' after a change", async () => {
  const page = join(ROOT, 'docs/api.md')
  const written = apiPage(readFileSync(page, 'utf8'))
  // As `npm run format` leaves it.
  const formatted = execFileSync('biome', ['format', '--stdin-file-path=docs/api.md'], {
    cwd: ROOT,
    encoding: 'utf8',
    input: written,
    timeout: 30_000,
  })
  await expect(formatted).toMatchFileSnapshot(page)
})
