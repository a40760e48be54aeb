/** Schemes that encrypt; PostgreSQL says it in a parameter instead. */
const TLS_SCHEMES = new Set(['https:', 'rediss:', 'smtps:'])
const TLS_MODES = new Set(['require', 'verify-ca', 'verify-full'])

/** Whether an address (URL) is reached by TLS. */
export function usesTls(address: string): boolean {
  if (!URL.canParse(address)) return false
  const url = new URL(address)
  return TLS_SCHEMES.has(url.protocol) || TLS_MODES.has(url.searchParams.get('sslmode') ?? '')
}

/** Whether an address never leaves this machine: a loopback host or a Unix socket. */
export function isLoopback(address: string): boolean {
  if (!URL.canParse(address)) return false
  const { hostname } = new URL(address)
  return (
    hostname === '' || hostname === 'localhost' || hostname === '[::1]' || /^127\./.test(hostname)
  )
}
