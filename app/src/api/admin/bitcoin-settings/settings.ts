import type { MedusaContainer } from '@medusajs/framework/types'
import { environment } from '../../../environment'
import { Administration } from '../../../modules/btcpay/administration'
import {
  authorizeLink,
  judgeKey,
  PERMISSIONS,
  type Permission,
} from '../../../modules/btcpay/permissions'
import { btcpaySettings, NEEDED } from '../../../modules/btcpay/settings'
import { judgeWebhooks } from '../../../modules/btcpay/webhook'
import { WEBHOOK_INBOX } from '../../../modules/webhook-inbox'
import type { WebhookInbox } from '../../../modules/webhook-inbox/service'
import { type LastReconciled, lastReconciled } from '../../../workflows/btcpay/last-reconciled'
import { webhookAddress } from '../../../workflows/btcpay/webhook-setup'

/** How the shop stands with BTCPay; `problem` is a sentence for the owner, times are ISO. No secret is in it. */
export interface BitcoinSettings {
  /** Names of the variables without which nobody can pay; empty once the shop is set up. */
  missing_variables: string[]
  address: string | null
  /** BTCPay's page that makes a key with the right permissions; null without an address. */
  authorize_link: string | null
  permissions: readonly Permission[]
  webhook_address: string
  /** Null while the shop is not set up. */
  server: { problem: string | null; version: string | null; synchronized: boolean } | null
  key: { problem: string | null; missing: Permission[]; too_many: string[] } | null
  webhook: { problem: string | null; registered: boolean; faults: string[] } | null
  last_delivery: { type: string; received_at: string } | null
  last_reconciliation: LastReconciled | null
}

/** Asks BTCPay anew, and reads what the shop has noted. BTCPay away is no error. */
export async function bitcoinSettings(container: MedusaContainer): Promise<BitcoinSettings> {
  const values = environment()
  const [atBtcpay, last_delivery, last_reconciliation] = await Promise.all([
    asBtcpayTells(),
    lastDelivery(container),
    lastReconciled(container),
  ])
  return {
    missing_variables: NEEDED.filter((name) => !values[name]),
    address: values.BTCPAY_URL ?? null,
    authorize_link: values.BTCPAY_URL ? authorizeLink(values.BTCPAY_URL) : null,
    permissions: PERMISSIONS,
    webhook_address: webhookAddress(),
    ...atBtcpay,
    last_delivery,
    last_reconciliation,
  }
}

async function asBtcpayTells(): Promise<Pick<BitcoinSettings, 'server' | 'key' | 'webhook'>> {
  const settings = btcpaySettings()
  if (!settings) return { server: null, key: null, webhook: null }
  const btcpay = new Administration(settings)
  const [server, key, webhooks] = await Promise.all([
    btcpay.serverInfo(),
    btcpay.currentKey(),
    btcpay.webhooks(),
  ])
  const judged = key.ok ? judgeKey(key.value.permissions, settings.storeId) : undefined
  const found = webhooks.ok ? judgeWebhooks(webhooks.value, webhookAddress()) : undefined
  return {
    server: {
      problem: server.ok ? null : server.failure.message,
      version: server.ok ? server.value.version : null,
      synchronized: server.ok && server.value.fullySynched,
    },
    key: {
      problem: key.ok ? null : key.failure.message,
      missing: judged?.missing ?? [],
      too_many: judged?.tooMany ?? [],
    },
    webhook: {
      problem: webhooks.ok ? null : webhooks.failure.message,
      registered: found?.registered ?? false,
      faults: found?.problems ?? [],
    },
  }
}

async function lastDelivery(container: MedusaContainer): Promise<BitcoinSettings['last_delivery']> {
  const [last] = await container
    .resolve<WebhookInbox>(WEBHOOK_INBOX)
    .listWebhookDeliveries({}, { take: 1, order: { created_at: 'DESC' } })
  return last ? { type: last.type, received_at: new Date(last.created_at).toISOString() } : null
}
