import type { LoaderOptions } from '@medusajs/framework/types'
import { environment } from '../../../environment'
import { mailSettings } from '../settings'

/** One line at the start of the process that sends mail: whether it does, and if not, why. */
export default async function sayWhetherMailIsSent({ logger }: LoaderOptions): Promise<void> {
  const values = environment()
  if (values.MEDUSA_WORKER_MODE === 'server') return
  const settings = mailSettings(values)
  if (settings.on) {
    const owner = settings.owner ? '' : '; OWNER_EMAIL is not set, so nobody is told of new orders'
    logger?.info(`mail: is sent through ${new URL(settings.smtpUrl).host}${owner}`)
  } else if (settings.mistake) {
    logger?.error(`mail: none is sent: ${settings.why}`)
  } else {
    logger?.info(`mail: none is sent: ${settings.why}`)
  }
}
