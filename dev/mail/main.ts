import { startCatcher } from './catcher.ts'

/** A port of the environment. */
function port(name: string): number {
  const value = Number(process.env[name])
  if (Number.isInteger(value) && value > 0 && value < 65_536) return value
  throw new Error(`${name} must be a port`)
}

try {
  const ports = { smtp: port('MAIL_SMTP_PORT'), web: port('MAIL_WEB_PORT') }
  const catcher = await startCatcher(ports)
  console.log(`mail catcher on http://127.0.0.1:${ports.web}, SMTP on port ${ports.smtp}`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void catcher.close().then(() => process.exit(0)))
  }
} catch (error) {
  console.error(`mail catcher: ${(error as Error).message}`)
  process.exit(1)
}
