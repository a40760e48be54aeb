// Runs one unit as systemd would: conditions, restart for ever, a clean end at SIGTERM.
// Started by systemctl.ts: node unit-runner.ts FOLDER NAME; writes its output to FOLDER/NAME.log.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { UnitFile } from './units.ts'

const [folder = '', name = ''] = process.argv.slice(2)
const unit = new UnitFile(folder).read()[name]
if (!unit) throw new Error(`no unit ${name}`)
const log = openSync(join(folder, `${name}.log`), 'a')
const note = (file: string, text: string) => writeFileSync(join(folder, 'running', file), text)

let child: ChildProcess | undefined
let ending = false

function run(command: string[]): boolean {
  const [program = '', ...args] = command
  return spawnSync(program, args, { stdio: 'ignore', timeout: 60_000 }).status === 0
}

/** Whether systemd would start it; if not, the unit is skipped, not failed. */
function conditionsHold(): boolean {
  return (
    unit?.conditionPaths.every((path) => existsSync(path)) === true &&
    (unit.condition.length === 0 || run(unit.condition))
  )
}

process.on('SIGTERM', async () => {
  ending = true
  // A container that is only being made does not hear the first call.
  while (child && child.exitCode === null && child.signalCode === null) {
    if (unit.stop.length > 0) run(unit.stop)
    else child.kill('SIGTERM')
    await delay(200)
  }
})

let restarts = 0
note(`${name}.pid`, String(process.pid))
note(`${name}.restarts`, '0')
while (!ending && conditionsHold()) {
  if (unit.before.length > 0) run(unit.before)
  if (ending) break
  const [program = '', ...args] = unit.command
  child = spawn(program, args, {
    stdio: ['ignore', log, log],
    env: { ...process.env, ...unit.env },
  })
  await new Promise((resolve) => child?.once('exit', resolve).once('error', resolve))
  if (ending) break
  note(`${name}.restarts`, String(++restarts))
  await delay(unit.restartSeconds * 1_000)
}
rmSync(join(folder, 'running', `${name}.pid`), { force: true })
process.exit(0)
