import { spawn } from 'node:child_process'
import { shopProcesses } from './processes.ts'
import { DEVELOPMENT, shopEnvironment } from './settings.ts'
import { prepare } from './start.ts'
import { Problem } from './steps.ts'
import { Supervisor } from './supervisor.ts'

/** Another program, such as `devenv up`, brings the stores up on the same ports. */
const env = () => shopEnvironment(DEVELOPMENT, true)

/**
 * Runs one process of processes.json in place of this one; another program supervises it.
 * @throws Problem when there is no process of that name
 */
export async function part([name]: string[]): Promise<void> {
  const processes = shopProcesses(DEVELOPMENT, env())
  const found = processes.find((each) => each.name === name)
  if (!found) {
    const known = processes.map((each) => each.name).join(', ')
    throw new Problem(`no process ${name ?? ''}; there are ${known}`)
  }
  const [program = '', ...args] = found.command
  const child = spawn(program, args, { cwd: found.cwd, env: found.env, stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => child.kill(signal))
  process.exitCode = await new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })
}

/** Migrates and seeds the database that runs already. */
export async function prepareDatabase(): Promise<void> {
  const quiet = () => undefined
  await prepare(
    DEVELOPMENT,
    env(),
    new Supervisor({
      line: (name, line) => console.log(`${name}: ${line}`),
      changed: quiet,
      lost: quiet,
    }),
  )
}
