// Entry of `npm run dev` and `npm test`; plain JavaScript that runs on Node 20 before anything is installed.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const bin = join(root, 'node_modules/.bin')
// The project's own Node (the npm package `node`) goes before the machine's.
const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` }

/** Runs one step, its output passed on; ends the whole run when it fails. */
function step(name, command, args, cwd = root) {
  const started = Date.now()
  console.log(`\n== ${name}`)
  const { status, error } = spawnSync(command, args, { cwd, env, stdio: 'inherit' })
  if (status !== 0) {
    console.error(`${name} failed${error ? `: ${error.message}` : ''}`)
    process.exit(1)
  }
  console.log(`== ${name}: ${((Date.now() - started) / 1000).toFixed(1)} s`)
}

/** Unit tests of one workspace; gives how many passed. A run of no test is a failure. */
function unitTests(workspace) {
  const report = join(root, '.data', `unit-${workspace}.json`)
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  step(`unit tests of ${workspace}`, 'vitest', args, join(root, workspace))
  const { numPassedTests } = JSON.parse(readFileSync(report, 'utf8'))
  if (numPassedTests === 0) {
    console.error(`${workspace} has run no test`)
    process.exit(1)
  }
  return numPassedTests
}

const [command] = process.argv.slice(2)
if (command !== 'test') {
  console.error('npm run dev is not built yet: see "What is missing" in README.md')
  process.exit(1)
}
if (!existsSync(join(bin, 'vitest')))
  step('install packages', 'npm', ['ci', '--no-audit', '--no-fund'])
step('lint and format', 'biome', ['check', '.'])
step('types of app', 'tsc', ['--noEmit'], join(root, 'app'))
step('types of dev', 'tsc', ['--noEmit'], join(root, 'dev'))
const passed = ['app', 'dev'].reduce((sum, workspace) => sum + unitTests(workspace), 0)
console.log(`\n${passed} passed, 0 failed`)
