import { inDevelopment } from './environment'

/** Next calls this once at start. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return
  // Imported only here: the other runtime has no process to end and no answers of node:http.
  const { refuseWrongEnvironment } = await import('./refuse-start')
  refuseWrongEnvironment()
  if (!inDevelopment()) {
    const { openStorefrontLog } = await import('./logging/open')
    openStorefrontLog()
  }
  const { giveAnswersTheirPolicy } = await import('./policy/answers')
  giveAnswersTheirPolicy()
}
