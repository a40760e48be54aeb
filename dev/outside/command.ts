import { Problem } from '../shop/steps.ts'

/** What util.parseArgs gives, as far as it is the same for all commands. */
interface Words {
  values: { help?: boolean }
  positionals: string[]
}

/**
 * What the words after a command mean: its options, and the one word of what to do, "check" without one.
 * @param parse util.parseArgs with the command's own options
 * @throws Problem with the usage for words that it does not know
 */
export function parseWords<T extends Words>(
  usage: string,
  parse: () => T,
): { command: string; values: T['values'] } {
  const { values, positionals } = parsed(usage, parse)
  const [command = 'check', ...rest] = positionals
  if (rest.length && !values.help) throw new Problem(`unexpected: ${rest.join(' ')}\n\n${usage}`)
  return { command, values }
}

function parsed<T>(usage: string, parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    throw new Problem(`${(error as Error).message}\n\n${usage}`)
  }
}

/** Runs a command to its end: 0 when all is as it should be, else 1; a Problem is one line. */
export async function runToEnd(main: () => Promise<boolean>): Promise<void> {
  try {
    process.exitCode = (await main()) ? 0 : 1
  } catch (error) {
    console.error(error instanceof Problem ? error.message : error)
    process.exitCode = 1
  }
}
