import { spawn } from 'node:child_process'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')

export interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

/**
 * Runs a command of `dev/` as its npm script does, without a terminal, to its end.
 * @param secret must appear nowhere in its output
 */
export async function runCommand(
  script: string,
  args: readonly string[],
  env: Record<string, string>,
  secret: string,
): Promise<Ended> {
  const child = spawn(process.execPath, [script, ...args], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve)
  })
  if ((stdout + stderr).includes(secret)) throw new Error(`${script} has printed its secret`)
  return { code, stdout, stderr }
}
