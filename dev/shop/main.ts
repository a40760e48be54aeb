import { dev } from './dev.ts'
import { part, prepareDatabase } from './part.ts'
import { Problem } from './steps.ts'
import { test } from './test.ts'

const [command, ...args] = process.argv.slice(2)
const commands: Record<string, (args: string[]) => Promise<void>> = {
  dev,
  test,
  process: part,
  prepare: prepareDatabase,
}
const chosen = commands[command ?? '']

try {
  if (!chosen)
    throw new Problem(`unknown command ${command}: there are ${Object.keys(commands).join(', ')}`)
  await chosen(args)
} catch (error) {
  console.error(error instanceof Problem ? error.message : error)
  process.exit(1)
}
