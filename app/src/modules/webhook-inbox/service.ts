import { MedusaService } from '@medusajs/framework/utils'
import { WebhookDelivery } from './models/webhook-delivery'

/** Deliveries of webhooks, kept until the worker has handled them. */
export class WebhookInbox extends MedusaService({ WebhookDelivery }) {}
