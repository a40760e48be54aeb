import { Module } from '@medusajs/framework/utils'
import { OrderPages } from './service'

/** Name of the module in Medusa's container. */
export const ORDER_PAGE = 'order_page'

export default Module(ORDER_PAGE, { service: OrderPages })
