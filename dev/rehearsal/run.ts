import { type ChildProcess, spawn } from 'node:child_process'

/** How a command ended; seconds since its start. */
export interface Result {
  code: number | null
  output: string
  seconds: number
}

/**
 * Runs a command to its end, in a session of its own.
 * @param listen hears each line as it comes
 */
export function run(
  program: string,
  words: string[],
  env: NodeJS.ProcessEnv,
  input = '',
  listen: (line: string, child: ChildProcess) => void = () => undefined,
): Promise<Result> {
  const began = Date.now()
  const child = spawn(program, words, { env, stdio: ['pipe', 'pipe', 'pipe'], detached: true })
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk
      for (const line of chunk.toString().split('\n')) if (line) listen(line, child)
    })
  }
  return new Promise((resolve) =>
    child.once('close', (code) => resolve({ code, output, seconds: (Date.now() - began) / 1000 })),
  )
}
