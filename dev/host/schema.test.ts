import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ROOT } from './nix.ts'

interface Declared {
  name: string
  meaning: string
  secret: boolean
  requiredInProduction: boolean
  kind: string
}
interface Recipes {
  make: Record<string, string>
  from: Record<string, string>
  container: string[]
  hostToo: string[]
  restart: Record<string, string[]>
  also: Record<string, string>
  host: { name: string; make?: string; parts: string[]; secret: boolean }[]
}

/** The apps' schemas; each app is compiled by its own rules, so their types stay there. */
async function schemaOf(path: string): Promise<Declared[]> {
  const { schema } = (await import(join(ROOT, path))) as { schema: Declared[] }
  return schema
}
const app = await schemaOf('app/src/environment.ts')
const storefront = await schemaOf('storefront/src/environment.ts')

const recipes: Recipes = JSON.parse(readFileSync(join(ROOT, 'nixos/secrets/recipes.json'), 'utf8'))

/** What a host's .env holds: both apps' schemas, and what only the host knows. */
function hostSchema() {
  const declared = new Map<string, Declared & { parts: string[] }>()
  for (const [part, variables] of [
    ['medusa', app],
    ['storefront', storefront],
  ] as const) {
    for (const variable of variables) {
      // What the container definition sets is no matter of the file.
      if (recipes.container.includes(variable.name)) continue
      const known = declared.get(variable.name)
      declared.set(variable.name, {
        ...variable,
        requiredInProduction:
          variable.requiredInProduction || (known?.requiredInProduction ?? false),
        parts: [...(known?.parts ?? []), part],
      })
    }
  }
  const apps = [...declared.values()].map(
    ({ name, meaning, secret, kind, requiredInProduction, parts }) => ({
      name,
      meaning,
      secret,
      kind,
      required: (requiredInProduction || name === 'REDIS_URL') && !recipes.from[name],
      // What the host's own scripts read, too.
      parts: recipes.hostToo.includes(name) ? [...parts, 'host'] : parts,
      ...(recipes.make[name] ? { make: recipes.make[name] } : {}),
      ...(recipes.from[name] ? { from: recipes.from[name] } : {}),
      restart: recipes.restart[name] ?? ['rr-secrets', ...parts.map((part) => `docker-${part}-*`)],
    }),
  )
  const host = recipes.host.map((each) => ({ kind: 'text', restart: ['rr-secrets'], ...each }))
  return [...apps, ...host].map((each) => {
    const also = recipes.also[each.name]
    return also ? { ...each, also } : each
  })
}

it('the host knows every variable of both apps (npm run schema writes it anew)', async () => {
  const text = `${JSON.stringify(hostSchema(), null, 2)}\n`
  await expect(text).toMatchFileSnapshot(join(ROOT, 'nixos/secrets/schema.json'))
})

it('a recipe names only variables that exist', () => {
  const names = hostSchema().map(({ name }) => name)
  expect(names).toEqual(
    expect.arrayContaining([
      ...Object.keys(recipes.make),
      ...Object.keys(recipes.from),
      ...Object.keys(recipes.also),
      ...recipes.hostToo,
    ]),
  )
})

it('every secret of the apps that we can make has a recipe', () => {
  const pings = ['BACKUP', 'OFFSITE', 'DRILL', 'WATCH'].map((what) => `PING_${what}_URL`)
  const given = [
    'BTCPAY_API_KEY',
    'S3_SECRET_ACCESS_KEY',
    'SMTP_URL',
    'B2_APPLICATION_KEY',
    ...pings,
  ]
  const without = hostSchema().filter((each) => each.secret && !('make' in each))
  expect(without.map(({ name }) => name).sort()).toEqual(given.sort())
})
