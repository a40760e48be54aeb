import type { MedusaContainer } from '@medusajs/framework/types'
import { ContainerRegistrationKeys, Modules, ProductStatus } from '@medusajs/framework/utils'
import {
  createCollectionsWorkflow,
  createInventoryLevelsWorkflow,
  createProductCategoriesWorkflow,
  createProductsWorkflow,
  uploadFilesWorkflow,
} from '@medusajs/medusa/core-flows'
import { categories, collections, products, type SeedProduct } from './catalogue'
import { render } from './pictures/render'

/** What a product of the sample shop belongs to. */
export interface Belongings {
  salesChannelId: string
  shippingProfileId: string
  locationId: string
}

type Ids = Map<string, string>

/** Categories, collections, products with their pictures, and what lies on stock. */
export async function seedProducts(
  container: MedusaContainer,
  to: Belongings,
): Promise<{ added: number }> {
  const modules = container.resolve(Modules.PRODUCT)
  const ofCategory = await seedCategories(container)
  const ofCollection = await seedCollections(container)
  const known = await modules.listProducts(
    { handle: products.map(({ handle }) => handle) },
    { take: products.length, select: ['handle'] },
  )
  const missing = products.filter(({ handle }) => !known.some((each) => each.handle === handle))
  for (const product of missing) {
    const picture = await upload(container, product)
    await createProductsWorkflow(container).run({
      input: {
        products: [
          {
            title: product.title,
            subtitle: product.subtitle,
            handle: product.handle,
            description: product.description,
            status: ProductStatus.PUBLISHED,
            thumbnail: picture,
            images: [{ url: picture }],
            category_ids: [found(ofCategory, product.category)],
            collection_id: product.collection && found(ofCollection, product.collection),
            shipping_profile_id: to.shippingProfileId,
            sales_channels: [{ id: to.salesChannelId }],
            metadata: product.facts,
            options: [
              { title: product.optionName, values: product.variants.map(({ option }) => option) },
            ],
            variants: product.variants.map(({ option, eur, usd }, index) => ({
              title: option,
              sku: `RR-${product.handle}-${index + 1}`.toUpperCase(),
              manage_inventory: true,
              options: { [product.optionName]: option },
              prices: [
                { currency_code: 'eur', amount: Number(eur) },
                { currency_code: 'usd', amount: Number(usd) },
              ],
            })),
          },
        ],
      },
    })
  }
  return { added: missing.length + (await seedStock(container, to.locationId)) }
}

function found(ids: Ids, handle: string): string {
  const id = ids.get(handle)
  if (!id) throw new Error(`seed: ${handle} was not made`)
  return id
}

async function seedCategories(container: MedusaContainer): Promise<Ids> {
  const modules = container.resolve(Modules.PRODUCT)
  const known = await modules.listProductCategories({})
  const missing = categories.filter(({ handle }) => !known.some((each) => each.handle === handle))
  if (missing.length > 0) {
    await createProductCategoriesWorkflow(container).run({
      input: { product_categories: missing.map((category) => ({ ...category, is_active: true })) },
    })
  }
  return new Map((await modules.listProductCategories({})).map(({ handle, id }) => [handle, id]))
}

async function seedCollections(container: MedusaContainer): Promise<Ids> {
  const modules = container.resolve(Modules.PRODUCT)
  const known = await modules.listProductCollections({})
  const missing = collections.filter(({ handle }) => !known.some((each) => each.handle === handle))
  if (missing.length > 0) {
    await createCollectionsWorkflow(container).run({ input: { collections: missing } })
  }
  return new Map((await modules.listProductCollections({})).map(({ handle, id }) => [handle, id]))
}

async function upload(container: MedusaContainer, product: SeedProduct): Promise<string> {
  const picture = await render(product.drawing, product.category)
  const { result } = await uploadFilesWorkflow(container).run({
    input: {
      files: [
        {
          filename: `${product.handle}.webp`,
          mimeType: 'image/webp',
          content: picture.toString('base64'),
          access: 'public',
        },
      ],
    },
  })
  const url = result[0]?.url
  if (!url) throw new Error(`seed: the picture of ${product.handle} was not stored`)
  return url
}

/** First stock of every variant that has no level yet; what the owner counted since is left alone. */
async function seedStock(container: MedusaContainer, locationId: string): Promise<number> {
  const query = container.resolve(ContainerRegistrationKeys.QUERY)
  const { data: items } = await query.graph({
    entity: 'inventory_item',
    fields: ['id', 'sku', 'location_levels.id'],
  })
  const stock = new Map(
    products.flatMap(({ handle, variants }) =>
      variants.map((variant, index) => [`RR-${handle}-${index + 1}`.toUpperCase(), variant.stock]),
    ),
  )
  const missing = items.flatMap((item) => {
    const quantity = stock.get(item.sku ?? '')
    if (quantity === undefined || item.location_levels?.length) return []
    return [{ inventory_item_id: item.id, location_id: locationId, stocked_quantity: quantity }]
  })
  if (missing.length > 0) {
    await createInventoryLevelsWorkflow(container).run({ input: { inventory_levels: missing } })
  }
  return missing.length
}
