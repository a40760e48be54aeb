import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DeclaredCaddy, DOMAIN, startEcho } from './caddy.ts'
import { hostFacts } from './nix.ts'

const SECRET = 'the key of the shop'
const { services, mounts } = hostFacts('tests/hosts/tested.nix')
const seen = services.caddy?.environment.RR_ASSETS ?? ''
const mount = mounts.find(({ where }) => where === seen)

let storefront: Awaited<ReturnType<typeof startEcho>>
const caddies: DeclaredCaddy[] = []
beforeAll(async () => {
  storefront = await startEcho('storefront')
})
afterAll(async () => {
  storefront?.stop()
  for (const caddy of caddies) await caddy.stop()
})

/** Caddy with a release's scripts, and links among them that somebody has put there by hand. */
async function serve(port: number, mounted: boolean): Promise<DeclaredCaddy> {
  const caddy = new DeclaredCaddy(port)
  caddies.push(caddy)
  const folder = join(caddy.folder, 'assets')
  const chunks = join(folder, '_next/static/chunks')
  mkdirSync(chunks, { recursive: true })
  mkdirSync(join(caddy.folder, 'secrets'))
  for (const file of ['secrets/key.js', 'key.js', 'assets/key.js'])
    writeFileSync(join(caddy.folder, file), SECRET)
  writeFileSync(join(chunks, 'own.js'), 'own')
  symlinkSync(join(caddy.folder, 'secrets/key.js'), join(chunks, 'link.js'))
  symlinkSync('../../../../secrets', join(chunks, 'folder'))
  if (mounted) {
    const place = join(caddy.folder, 'mounted')
    mkdirSync(place)
    caddy.mounts = `mount -t ${mount?.type} -o ${mount?.options} ${folder} ${place}`
    caddy.extra.RR_ASSETS = place
  }
  caddy.pointTo('storefront', storefront.port)
  caddy.pointTo('medusa', storefront.port)
  await caddy.start()
  return caddy
}

describe('what Caddy serves of the releases’ files', () => {
  let caddy: DeclaredCaddy
  beforeAll(async () => {
    caddy = await serve(28466, true)
  })

  it('is what lies in the folder', async () => {
    expect((await caddy.get(DOMAIN, '/_next/static/chunks/own.js')).body).toBe('own')
  })

  it.each(['link.js', 'folder/key.js'])('follows no link, such as %s', async (name) => {
    const answer = await caddy.get(DOMAIN, `/_next/static/chunks/${name}`)
    expect(JSON.parse(answer.body)).toMatchObject({ server: 'storefront' })
  })

  it.each([
    '/_next/static/../../key.js',
    '/_next/static/../../../key.js',
    '/_next/static/%2e%2e/%2e%2e/key.js',
    '/_next/static/..%2f..%2fkey.js',
    '/_next/static/..%5c..%5ckey.js',
    '/_next/static/..\\..\\key.js',
    '/_next/static/chunks/own.js/../../../../key.js',
    '/_next/static//../../key.js',
    '/_next/static/%252e%252e/%252e%252e/key.js',
    '/_next/static/....//....//key.js',
    '/_next/static/chunks/own.js%00/../../../../key.js',
    '/_next/static/chunks/~/../../../../key.js',
  ])('ends at the folder: %s', async (path) => {
    const text = `GET ${path} HTTP/1.1\r\nHost: ${DOMAIN}\r\nConnection: close\r\n\r\n`
    expect(await caddy.raw(text, DOMAIN)).not.toContain(SECRET)
  })

  it('is listed to nobody', async () => {
    for (const path of ['/_next/static/', '/_next/static/chunks/', '/_next/static/chunks']) {
      const { body } = await caddy.get(DOMAIN, path)
      expect(body).not.toContain('own.js')
    }
  })
})

describe('without the mount', () => {
  it('Caddy follows links, so the test above can fail', async () => {
    const caddy = await serve(28468, false)
    const answer = await caddy.get(DOMAIN, '/_next/static/chunks/folder/key.js')
    expect(answer.body).toBe(SECRET)
  })
})
