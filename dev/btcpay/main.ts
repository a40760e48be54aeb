import { startStandIn } from './server.ts'
import { readSettings } from './settings.ts'

try {
  const settings = readSettings(process.env)
  const standIn = await startStandIn(settings)
  console.log(`BTCPay stand-in on http://${settings.host}:${settings.port}`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void standIn.close().then(() => process.exit(0)))
  }
} catch (error) {
  console.error(`BTCPay stand-in: ${(error as Error).message}`)
  process.exit(1)
}
