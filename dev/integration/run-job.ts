import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from '../shop/settings.ts'
import { run } from '../shop/steps.ts'

const BUILT = join(ROOT, 'app/.medusa/server')

/** Runs one of Medusa's scheduled jobs now, in a process of its own beside the running shop. */
export async function runJob(name: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'rr-job-'))
  const script = join(folder, 'run.js')
  const job = JSON.stringify(join(BUILT, `src/jobs/${name}.js`))
  writeFileSync(script, `exports.default = ({ container }) => require(${job}).default(container)\n`)
  try {
    await run(['medusa', 'exec', script], { cwd: BUILT, env: process.env })
  } finally {
    rmSync(folder, { recursive: true })
  }
}
