import { ofMedusa, type RealShop } from './real-shop.ts'

/** What all purchases of a test have in common. */
export interface Counter {
  region: string
  channel: string
  location: string
  profile: string
  delivery: string
}

/** Goods of one kind, in pieces that are counted. */
export interface Goods {
  product: string
  variant: string
  item: string
}

export const PRICE = 10
const DELIVERY_PRICE = 5

type CoreFlows = typeof import('@medusajs/medusa/core-flows')
const flows = () => ofMedusa<CoreFlows>('@medusajs/medusa/core-flows')

/** Where goods are sold, as the seed has made it. */
export async function counterOf({ container, essentials }: RealShop): Promise<Counter> {
  const query = container.resolve('query')
  const first = async (entity: string, filters: object = {}): Promise<string> => {
    const { data } = await query.graph({ entity, fields: ['id'], filters })
    const id = (data as { id: string }[])[0]?.id
    if (!id) throw new Error(`there is no ${entity}`)
    return id
  }
  return {
    region: await first('region', { currency_code: 'eur' }),
    channel: essentials.salesChannelId,
    location: essentials.locationId,
    profile: essentials.shippingProfileId,
    delivery: await first('shipping_option'),
  }
}

let products = 0

/** Puts goods on sale, with so many pieces on stock. */
export async function goodsFor(
  { container }: RealShop,
  counter: Counter,
  stock: number,
): Promise<Goods> {
  const title = `Beaker ${++products}`
  const { createProductsWorkflow, createInventoryLevelsWorkflow } = flows()
  const { result } = await createProductsWorkflow(container).run({
    input: {
      products: [
        {
          title,
          status: 'published',
          shipping_profile_id: counter.profile,
          sales_channels: [{ id: counter.channel }],
          options: [{ title: 'Size', values: ['one'] }],
          variants: [
            {
              title: 'one',
              manage_inventory: true,
              options: { Size: 'one' },
              prices: [{ currency_code: 'eur', amount: PRICE }],
            },
          ],
        },
      ],
    },
  })
  const product = result[0]
  const { data } = await container.resolve('query').graph({
    entity: 'variant',
    fields: ['id', 'inventory_items.inventory_item_id'],
    filters: { product_id: product?.id },
  })
  const [variant] = data as unknown as {
    id: string
    inventory_items: { inventory_item_id: string }[]
  }[]
  const item = variant?.inventory_items[0]?.inventory_item_id
  if (!product || !variant || !item) throw new Error('the goods were not made')
  await createInventoryLevelsWorkflow(container).run({
    input: {
      inventory_levels: [
        { inventory_item_id: item, location_id: counter.location, stocked_quantity: stock },
      ],
    },
  })
  return { product: product.id, variant: variant.id, item }
}

/** A cart as its shopper has filled it: goods, an address, a way of delivery. */
export async function cartWith(
  { container }: RealShop,
  counter: Counter,
  goods: Goods,
  of: { quantity: number; email: string },
): Promise<string> {
  const carts = container.resolve('cart')
  const cart = await carts.createCarts({
    region_id: counter.region,
    sales_channel_id: counter.channel,
    currency_code: 'eur',
    email: of.email,
    locale: 'en',
    shipping_address: {
      first_name: 'Ada',
      last_name: 'Lovelace',
      address_1: 'Analytical Way 1',
      city: 'Berlin',
      postal_code: '10115',
      country_code: 'de',
    },
    items: [
      {
        title: 'Beaker',
        product_title: 'Beaker',
        variant_title: 'one',
        quantity: of.quantity,
        unit_price: PRICE,
        product_id: goods.product,
        variant_id: goods.variant,
        requires_shipping: true,
        is_tax_inclusive: true,
      },
    ],
  })
  await carts.addShippingMethods([
    {
      cart_id: cart.id,
      name: 'Post',
      amount: DELIVERY_PRICE,
      shipping_option_id: counter.delivery,
    },
  ])
  return cart.id
}
