import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { DOMAIN } from '../host/caddy.ts'
import { caddyProgram } from '../host/tools.ts'
import { ROOT } from '../shop/settings.ts'
import type { Programs } from './programs.ts'
import { BTCPAY_PORT, CA, DATA } from './settings.ts'

const PORT = '14142'
const FRONT = join(DATA, 'btcpay-front')

/** The store that its key opens. */
export const STORE = 'RrRehearsalStore'

/** Certificate of the authority that BTCPay's front is signed by. */
export const BTCPAY_ROOT = join(FRONT, 'caddy/pki/authorities/local/root.crt')

/** Starts the stand-in for BTCPay Server, behind a Caddy with a certificate, as on its own machine. */
export async function startBtcpay(
  programs: Programs,
  keys: { apiKey: string; webhookSecret: string },
): Promise<void> {
  const config = join(DATA, 'btcpay.caddy')
  writeFileSync(
    config,
    `{\n\tadmin off\n\tskip_install_trust\n\tauto_https disable_redirects\n\thttps_port ${BTCPAY_PORT}\n}\nbtcpay.${DOMAIN}:${BTCPAY_PORT} {\n\ttls internal\n\treverse_proxy 127.0.0.1:${PORT}\n}\n`,
  )
  programs.start(
    'btcpay-front',
    caddyProgram(),
    ['run', '--adapter', 'caddyfile', '--config', config],
    { XDG_DATA_HOME: FRONT, HOME: DATA },
  )
  programs.start('btcpay', 'node', [join(ROOT, 'dev/btcpay/main.ts')], {
    BTCPAY_STANDIN_PORT: PORT,
    BTCPAY_STANDIN_DATA: join(DATA, 'btcpay'),
    BTCPAY_STANDIN_STORE_ID: STORE,
    BTCPAY_STANDIN_API_KEY: keys.apiKey,
    BTCPAY_STANDIN_WEBHOOK_URL: `https://api.${DOMAIN}/hooks/btcpay`,
    BTCPAY_STANDIN_WEBHOOK_SECRET: keys.webhookSecret,
    NODE_EXTRA_CA_CERTS: CA,
  })
  await delay(1_000)
}

export async function endBtcpay(programs: Programs): Promise<void> {
  await programs.end('btcpay')
  await programs.end('btcpay-front')
}
