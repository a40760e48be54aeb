import { ModuleProvider, Modules } from '@medusajs/framework/utils'
import { StrictEmailPass } from './service'

export default ModuleProvider(Modules.AUTH, { services: [StrictEmailPass] })
