/** Each loopback address stands for a machine; what runs there listens on that address alone. */
export const MACHINES = {
  /** The one host of today: database and queue, and BTCPay's stand-in beside it. */
  first: '127.0.0.1',
  /** Where database and queue move. */
  database: '127.0.0.2',
  /** The app hosts. */
  a: '127.0.0.3',
  b: '127.0.0.4',
  /** Hetzner's load balancer: the only address that shoppers know. */
  balancer: '127.0.0.5',
} as const

export type AppHost = 'a' | 'b'

/** The same port on several machines, as it is with several machines. */
export const PORTS = {
  postgresql: 26_800,
  redis: 26_801,
  server: 26_810,
  worker: 26_811,
  storefront: 26_812,
  api: 26_820,
  shop: 26_821,
  btcpay: 26_830,
  storage: 26_840,
} as const

/** The API as the world reaches it. */
export const API = `http://${MACHINES.balancer}:${PORTS.api}`
/** The shop as the world reaches it. */
export const SHOP = `http://${MACHINES.balancer}:${PORTS.shop}`
export const BTCPAY = `http://${MACHINES.first}:${PORTS.btcpay}`

/** One host's Medusa, past the load balancer. */
export function serverOf(host: AppHost): string {
  return `http://${MACHINES[host]}:${PORTS.server}`
}

/** One host's shop, past the load balancer. */
export function storefrontOf(host: AppHost): string {
  return `http://${MACHINES[host]}:${PORTS.storefront}`
}
