import { admin } from './shop.ts'

/** Something of the owner's that nobody else may see. */
export const SECRET = 'SECRET-4711'

/** A product as the admin makes it. */
export interface MadeProduct {
  id: string
  handle: string
  variants: { id: string }[]
}

async function made<T>(path: string, body: object): Promise<T> {
  const answer = await admin<Record<string, T>>(path, body)
  const [record] = Object.values(answer)
  if (!record) throw new Error(`${path}: nothing was made`)
  return record
}

/** The sales channel of the storefront's key. */
export async function onlineChannel(): Promise<string> {
  const { stores } = await admin<{ stores: { default_sales_channel_id: string }[] }>('/stores')
  const id = stores[0]?.default_sales_channel_id
  if (!id) throw new Error('the shop has no sales channel')
  return id
}

/** A new channel that the storefront does not sell in. */
export async function otherChannel(): Promise<string> {
  const { id } = await made<{ id: string }>('/sales-channels', { name: `Wholesale ${Date.now()}` })
  return id
}

/** A new category; one that is internal or inactive is the owner's alone. */
export function makeCategory(
  handle: string,
  settings: { is_internal: boolean; is_active: boolean; parent_category_id?: string },
): Promise<{ id: string }> {
  return made('/product-categories', {
    ...settings,
    name: `${SECRET} ${handle}`,
    handle,
    metadata: { margin: SECRET },
  })
}

/** A new product of one variant at 7.50 EUR. */
export function makeProduct(
  handle: string,
  settings: { status: 'published' | 'draft'; channel: string; metadata?: object },
): Promise<MadeProduct> {
  const { status, channel, metadata = {} } = settings
  return made('/products', {
    title: `Made ${handle}`,
    handle,
    status,
    metadata,
    sales_channels: [{ id: channel }],
    options: [{ title: 'Size', values: ['One'] }],
    variants: [
      {
        title: 'One',
        options: { Size: 'One' },
        manage_inventory: false,
        prices: [{ currency_code: 'eur', amount: 7.5 }],
      },
    ],
  })
}
