// Entry of `npm run dev` and `npm test`: plain JavaScript that runs on Node 20 before anything is
// installed. It installs what is missing, then hands over to main.ts on the project's own Node.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statfsSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const bin = join(root, 'node_modules/.bin')
// The project's own Node (the npm package `node`) goes before the machine's.
const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` }

/** Space that the packages and the local shop take. */
const NEEDED_GB = 3

function fail(line) {
  console.error(line)
  process.exit(1)
}

/** Runs a program with our terminal; gives its exit code. Ctrl-C is for it, not for us. */
function hand(command, args) {
  const child = spawn(command, args, { cwd: root, env, stdio: 'inherit' })
  const forward = (signal) => child.kill(signal)
  const ignore = () => undefined
  process.on('SIGINT', ignore).on('SIGTERM', forward).on('SIGHUP', forward)
  return new Promise((resolve) => {
    child.once('error', (error) => fail(`${command}: ${error.message}`))
    child.once('exit', (code) => {
      process.off('SIGINT', ignore).off('SIGTERM', forward).off('SIGHUP', forward)
      resolve(code ?? 1)
    })
  })
}

/** Packages belong to one lock file; the stamp is written only after a whole installation. */
async function installPackages() {
  const stamp = join(root, 'node_modules/.installed')
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return
  const { bavail, bsize } = statfsSync(root)
  const free = (bavail * bsize) / 1024 ** 3
  if (free < NEEDED_GB) {
    fail(`${root} has ${free.toFixed(1)} GB left on its disk: free ${NEEDED_GB} GB and start again`)
  }
  const started = Date.now()
  const seconds = () => ((Date.now() - started) / 1000).toFixed(1)
  const heartbeat = setInterval(() => console.log(`  … packages (${seconds()} s)`), 4_000)
  const code = await hand('npm', ['ci', '--no-audit', '--no-fund'])
  clearInterval(heartbeat)
  if (code !== 0) fail('npm ci failed: see its lines above')
  writeFileSync(stamp, lock)
  console.log(`✓ packages (${seconds()} s)`)
}

if (process.platform !== 'linux' || process.arch !== 'x64') {
  fail(`this needs Linux on x86-64, and here is ${process.platform} on ${process.arch}`)
}
await installPackages()
process.exit(
  await hand(join(bin, 'node'), [join(root, 'dev/shop/main.ts'), ...process.argv.slice(2)]),
)
