import { Module } from '@medusajs/framework/utils'
import sayWhetherMailIsSent from './loaders/say-whether-mail-is-sent'
import { MailOutbox } from './service'

/** Name of the module in Medusa's container. */
export const MAIL = 'mail'

export default Module(MAIL, { service: MailOutbox, loaders: [sayWhetherMailIsSent] })
