/** Where errors go: Sentry's DSN, `https://KEY@HOST/PROJECT` (develop.sentry.dev, "DSN"). */
export interface Dsn {
  text: string
  key: string
  project: string
  /** Address that takes envelopes of this project. */
  envelopes: string
}

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]'])

/** The parts of a DSN, or undefined when it is none: a wrong one must not stop a shop. */
export function readDsn(text: string): Dsn | undefined {
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  const { protocol, username: key, password, host, hostname, pathname, search, hash } = url
  const safe = protocol === 'https:' || (protocol === 'http:' && LOOPBACK.has(hostname))
  const parts = /^(\/(?:[\w-]+\/)*)(\d+)\/?$/.exec(pathname)
  if (!safe || !/^\w+$/.test(key) || password || search || hash || !parts) return undefined
  const [, path = '/', project = ''] = parts
  return { text, key, project, envelopes: `${protocol}//${host}${path}api/${project}/envelope/` }
}
