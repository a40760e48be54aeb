import { EnvironmentError, environment } from './environment'

/** Ends the process with one line when its environment is wrong; the operator needs no stack. */
export function refuseWrongEnvironment(): void {
  try {
    environment()
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error
    process.stderr.write(`refusing to start: ${error.message}\n`)
    process.exit(78)
  }
}
