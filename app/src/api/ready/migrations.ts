import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Our own newest migration; Medusa's are run by the same command, before it. */
const FOLDER = join(__dirname, '../../modules/webhook-inbox/migrations')

/** Names of the migrations that this build needs, as MikroORM records them. */
export function neededMigrations(): string[] {
  return readdirSync(FOLDER)
    .map((file) => /^(Migration\d+)\.(?:ts|js)$/.exec(file)?.[1])
    .filter((name) => name !== undefined)
}
