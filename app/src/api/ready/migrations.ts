import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Where our own modules lie; Medusa's migrations are run by the same command, before ours. */
const MODULES = join(__dirname, '../../modules')

/** Names of the migrations that this build needs, as MikroORM records them. */
export function neededMigrations(): string[] {
  return readdirSync(MODULES)
    .map((module) => join(MODULES, module, 'migrations'))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder))
    .map((file) => /^(Migration\d+)\.(?:ts|js)$/.exec(file)?.[1])
    .filter((name) => name !== undefined)
}
