import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hostFacts } from './nix.ts'
import { DeclaredPostgresql } from './postgresql.ts'

const host = hostFacts('tests/hosts/tested.nix')
const server = new DeclaredPostgresql(28460, host)
const PASSWORD = `${'a1'.repeat(31)}%27`

function url(password: string): string {
  return `postgres://medusa:${password}@127.0.0.1:${server.port}/research-relay`
}

/** What a container does: over TCP, by password. */
async function asMedusa<T>(
  password: string,
  work: (client: pg.Client) => Promise<T>,
  database = 'research-relay',
): Promise<T> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port: server.port,
    user: 'medusa',
    password: decodeURIComponent(password),
    database,
    connectionTimeoutMillis: 5_000,
  })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

beforeAll(async () => {
  await server.start()
  const first = server.setOwner(url(PASSWORD))
  expect(first.stderr).toBe('')
  expect(first.status).toBe(0)
})
afterAll(() => server.stop())

describe('the declared PostgreSQL', () => {
  it('takes every declared setting', () => {
    expect(server.sql('SELECT name, error FROM pg_file_settings WHERE NOT applied')).toBe('')
    const taken = server.sql('SELECT name FROM pg_file_settings').split('\n')
    expect(taken).toEqual(expect.arrayContaining(Object.keys(host.postgresql)))
  })

  it('belongs, database and schema, to role medusa, which is no superuser (problem 1)', () => {
    expect(
      server.sql(
        "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'research-relay'",
      ),
    ).toBe('medusa')
    expect(
      server.sql(
        "SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = 'public'",
        'research-relay',
      ),
    ).toBe('pg_database_owner')
    expect(
      server.sql(
        "SELECT rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls FROM pg_roles WHERE rolname = 'medusa'",
      ),
    ).toBe('f|f|f|f|f')
  })

  it('lets medusa make tables and the extensions of its search, by the password of DATABASE_URL (problem 2)', async () => {
    const rows = await asMedusa(PASSWORD, async (client) => {
      await client.query('CREATE TABLE proof (id int)')
      await client.query('CREATE EXTENSION pg_trgm')
      await client.query('CREATE EXTENSION unaccent')
      return (
        await client.query('SELECT tableowner FROM pg_tables WHERE tablename = $1', ['proof'])
      ).rows
    })
    expect(rows).toEqual([{ tableowner: 'medusa' }])
  })

  it('refuses a wrong password, no password and any other database', async () => {
    const nothing = async () => undefined
    await expect(asMedusa('wrong', nothing)).rejects.toThrow(/password authentication failed/)
    await expect(asMedusa(PASSWORD, nothing, 'postgres')).rejects.toThrow(/no pg_hba.conf entry/)
  })

  it('lets medusa into what a restore and a drill load, and into nothing that is called otherwise', async () => {
    const names = ['rr-restoring', 'rr-drill', 'rr-restoring-2', 'research-relay-until-20261125']
    for (const name of names) server.sql(`CREATE DATABASE "${name}" OWNER medusa`)
    const entered = (name: string) =>
      asMedusa(PASSWORD, async (client) => (await client.query('SELECT 1 AS n')).rows, name)
    for (const name of names.slice(0, 2)) expect(await entered(name)).toEqual([{ n: 1 }])
    for (const name of names.slice(2))
      await expect(entered(name)).rejects.toThrow(/no pg_hba.conf entry/)
    await expect(asMedusa('wrong', async () => 1, 'rr-drill')).rejects.toThrow(
      /authentication failed/,
    )
    for (const name of names) server.sql(`DROP DATABASE "${name}"`)
  })

  it('keeps the password as SCRAM only, and out of its log', () => {
    expect(server.sql("SELECT rolpassword FROM pg_authid WHERE rolname = 'medusa'")).toMatch(
      /^SCRAM-SHA-256\$/,
    )
    expect(server.logged()).not.toContain(PASSWORD)
    expect(server.logged()).not.toContain(decodeURIComponent(PASSWORD))
  })
})

describe('the unit that sets the owner', () => {
  it('may run again, and then the new password counts and the old one does not', async () => {
    const next = 'b2'.repeat(32)
    expect(server.setOwner(url(next)).status).toBe(0)
    await expect(asMedusa(PASSWORD, async () => 1)).rejects.toThrow(/authentication failed/)
    expect(await asMedusa(next, async () => 1)).toBe(1)
    expect(server.setOwner(url(PASSWORD)).status).toBe(0)
  })

  it.each([
    ['another role', `postgres://root:${PASSWORD}@127.0.0.1/research-relay`],
    ['another database', `postgres://medusa:${PASSWORD}@127.0.0.1/postgres`],
    ['no password', 'postgres://medusa@127.0.0.1/research-relay'],
    ['nothing', ''],
  ])('refuses an address with %s in one line that does not show it', (_case, address) => {
    const { status, stderr } = server.setOwner(address)
    expect(status).toBe(78)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(stderr).not.toContain(PASSWORD)
  })
})
