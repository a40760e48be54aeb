/** A permission of the shop's key, and what the shop does with it. */
export interface Permission {
  name: string
  meaning: string
}

/** All that the shop's key needs, each for the one store; docs/payments.md has the same list. */
export const PERMISSIONS: readonly Permission[] = [
  { name: 'btcpay.store.cancreateinvoice', meaning: 'makes invoices' },
  { name: 'btcpay.store.canviewinvoices', meaning: 'asks what was paid' },
  {
    name: 'btcpay.store.canmodifyinvoices',
    meaning: 'marks an invoice that nobody should pay any more as invalid',
  },
  {
    name: 'btcpay.store.cancreatenonapprovedpullpayments',
    meaning: 'offers refunds, whose claims you approve in BTCPay',
  },
  {
    name: 'btcpay.store.canviewpullpayments',
    meaning: 'looks up a refund whose answer was lost, before a second one is made',
  },
  {
    name: 'btcpay.store.webhooks.canmodifywebhooks',
    meaning: 'looks at its webhook, and registers or repairs it',
  },
]

/** What a permission has in it, as BTCPay's own tree of policies says, as far as it matters here. */
const INCLUDED: Record<string, readonly string[]> = {
  'btcpay.store.canmodifyinvoices': [
    'btcpay.store.canviewinvoices',
    'btcpay.store.cancreateinvoice',
  ],
  'btcpay.store.canviewstoresettings': [
    'btcpay.store.canviewinvoices',
    'btcpay.store.canviewpullpayments',
  ],
  'btcpay.store.cancreatepullpayments': ['btcpay.store.cancreatenonapprovedpullpayments'],
  'btcpay.store.canmanagepullpayments': [
    'btcpay.store.cancreatepullpayments',
    'btcpay.store.cancreatenonapprovedpullpayments',
    'btcpay.store.canviewpullpayments',
  ],
  'btcpay.store.canmodifystoresettings': PERMISSIONS.map(({ name }) => name),
  unrestricted: PERMISSIONS.map(({ name }) => name),
}

/** What a key lacks and what it has beyond need, in BTCPay's names. */
export interface JudgedKey {
  missing: Permission[]
  /** With the store that each is for, as BTCPay has it. */
  tooMany: string[]
}

/**
 * Compares a key with what the shop needs. A permission without a store is for all stores of its user, and
 * one for another store opens that one: both are too many.
 * @param permissions of `GET /api/v1/api-keys/current`: `policy` or `policy:storeId`
 */
export function judgeKey(permissions: string[], storeId: string): JudgedKey {
  const held = new Set<string>()
  for (const permission of permissions) {
    const [name = '', store] = permission.split(':')
    if (store !== undefined && store !== storeId) continue
    held.add(name)
    for (const included of INCLUDED[name] ?? []) held.add(included)
  }
  const wanted = new Set(PERMISSIONS.map(({ name }) => `${name}:${storeId}`))
  return {
    missing: PERMISSIONS.filter(({ name }) => !held.has(name)),
    tooMany: permissions.filter((permission) => !wanted.has(permission)),
  }
}

/** BTCPay's page that makes a key with just these permissions: GET /api-keys/authorize. */
export function authorizeLink(url: string): string {
  const query = new URLSearchParams({
    applicationName: 'Research Relay',
    strict: 'true',
    selectiveStores: 'true',
  })
  for (const { name } of PERMISSIONS) query.append('permissions', name)
  return `${url.replace(/\/$/, '')}/api-keys/authorize?${query}`
}
