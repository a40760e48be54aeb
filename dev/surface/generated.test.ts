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
  await expect(apiPage(readFileSync(page, 'utf8'))).toMatchFileSnapshot(page)
})
