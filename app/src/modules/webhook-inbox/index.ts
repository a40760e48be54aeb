import { Module } from '@medusajs/framework/utils'
import { WebhookInbox } from './service'

/** Name of the module in Medusa's container. */
export const WEBHOOK_INBOX = 'webhook_inbox'

export default Module(WEBHOOK_INBOX, { service: WebhookInbox })
