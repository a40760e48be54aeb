import { join } from 'node:path'
import { expect, it } from 'vitest'
import { caddyRoutes } from './caddy-routes.ts'
import { ROOT } from './listed.ts'

it("is written down for Caddy: run 'npm run surface' after a change", async () => {
  await expect(caddyRoutes()).toMatchFileSnapshot(join(ROOT, 'nixos/caddy/api-routes.caddy'))
})
