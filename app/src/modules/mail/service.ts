import { MedusaService } from '@medusajs/framework/utils'
import { MailMessage } from './models/mail-message'

/** The outbox: mail that waits, and which mail went out. */
export class MailOutbox extends MedusaService({ MailMessage }) {}
