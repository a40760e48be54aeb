import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { ROOT } from './settings.ts'

/** Everything that decides what migrations and seed do: the backend's sources and its packages. */
export function fingerprint(): string {
  const hash = createHash('sha256')
  const sources = readdirSync(join(ROOT, 'app/src'), { recursive: true, withFileTypes: true })
  const paths = sources
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
  for (const path of [
    join(ROOT, 'package-lock.json'),
    join(ROOT, 'app/medusa-config.ts'),
    ...paths,
  ]) {
    hash.update(path).update(readFileSync(path))
  }
  return hash.digest('hex')
}

/** The state that the database was prepared for; kept as its comment, so that both share one fate. */
export async function preparedFor(databaseUrl: string): Promise<string | null> {
  return query(databaseUrl, async (client) => {
    const { rows } = await client.query<{ comment: string | null }>(
      `SELECT shobj_description(oid, 'pg_database') AS comment
       FROM pg_database WHERE datname = current_database()`,
    )
    return rows[0]?.comment ?? null
  })
}

/** Notes that migrations and seed have run to their end. */
export async function notePrepared(databaseUrl: string, state: string): Promise<void> {
  await query(databaseUrl, (client) =>
    client.query(`COMMENT ON DATABASE "research-relay" IS ${client.escapeLiteral(state)}`),
  )
}

async function query<T>(databaseUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: 5_000,
    query_timeout: 10_000,
  })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
