/** How the stand-in is started; development's values are those of the backend's environment. */
export interface Settings {
  host: string
  port: number
  /** Folder of the state file; without one nothing survives a restart. */
  dataDir?: string
  storeId: string
  apiKey: string
  webhookUrl: string
  webhookSecret: string
}

/** @throws Error naming the variable that is missing */
export function readSettings(source: NodeJS.ProcessEnv): Settings {
  const need = (name: string): string => {
    const value = source[name]
    if (!value) throw new Error(`${name} is not set`)
    return value
  }
  return {
    // Loopback only: whoever reaches this page can "pay" any invoice.
    host: '127.0.0.1',
    port: Number(source.BTCPAY_STANDIN_PORT ?? 14142),
    dataDir: need('BTCPAY_STANDIN_DATA'),
    storeId: need('BTCPAY_STANDIN_STORE_ID'),
    apiKey: need('BTCPAY_STANDIN_API_KEY'),
    webhookUrl: need('BTCPAY_STANDIN_WEBHOOK_URL'),
    webhookSecret: need('BTCPAY_STANDIN_WEBHOOK_SECRET'),
  }
}
