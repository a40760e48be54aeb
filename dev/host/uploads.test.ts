import { afterAll, beforeAll, expect, it } from 'vitest'
import { DeclaredCaddy, DOMAIN, startEcho } from './caddy.ts'

const caddy = new DeclaredCaddy(26730)
let medusa: Awaited<ReturnType<typeof startEcho>>

beforeAll(async () => {
  medusa = await startEcho('medusa')
  caddy.pointTo('medusa', medusa.port)
  caddy.pointTo('storefront', medusa.port)
  await caddy.start()
})
afterAll(async () => {
  medusa?.stop()
  await caddy.stop()
})

it.each(['page.html', 'drawing.svg', 'note.xml', 'script.js', 'picture.png'])(
  'a product file %s can run nothing, load nothing, send no form and be in no frame',
  async (name) => {
    const { headers } = await caddy.get(`api.${DOMAIN}`, `/static/${name}`)
    expect(String(headers['content-security-policy']).split('; ').sort()).toEqual([
      "base-uri 'none'",
      "default-src 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ])
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(headers['x-frame-options']).toBe('DENY')
  },
)
