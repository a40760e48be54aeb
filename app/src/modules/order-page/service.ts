import { MedusaService } from '@medusajs/framework/utils'
import { OrderPageLink } from './models/order-page-link'

/** Links of order pages: which secret opens the page of which cart. */
export class OrderPages extends MedusaService({ OrderPageLink }) {}
