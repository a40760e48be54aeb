import { ModuleProvider, Modules } from '@medusajs/framework/utils'
import { BtcpayProvider } from './service'

export default ModuleProvider(Modules.PAYMENT, { services: [BtcpayProvider] })
