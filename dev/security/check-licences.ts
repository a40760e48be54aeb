// Licences of what ships, from package-lock.json: fails for one that does not fit. `--list` writes all.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import exceptions from './licence-exceptions.json' with { type: 'json' }
import { type Locked, problems, shipped } from './licences.ts'

const lock = readFileSync(join(import.meta.dirname, '../../package-lock.json'), 'utf8')
const { packages } = JSON.parse(lock) as { packages: Record<string, Locked> }
const all = shipped(packages, ['telemetry', 'app', 'storefront'])
if (process.argv.includes('--list')) {
  for (const { name, version, licence } of all) console.log(`${licence}\t${name}@${version}`)
}
const wrong = problems(all, exceptions)
for (const line of wrong) console.error(line)
console.error(`licences: ${all.length} packages ship, ${wrong.length} do not fit`)
process.exitCode = wrong.length === 0 ? 0 : 1
