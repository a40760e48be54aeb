import type { MedusaContainer } from '@medusajs/framework/types'
import { ContainerRegistrationKeys, Modules } from '@medusajs/framework/utils'
import {
  createShippingOptionsWorkflow,
  createShippingProfilesWorkflow,
  createStockLocationsWorkflow,
  linkSalesChannelsToStockLocationWorkflow,
} from '@medusajs/medusa/core-flows'
import { regions, type SeedRegion } from './places'

const LOCATION = 'Main warehouse'
const PROVIDER = 'manual_manual'

/** Where goods lie and how they reach a shopper: one stock location, a zone and options for each region. */
export async function seedShipping(
  container: MedusaContainer,
  salesChannelId: string,
): Promise<{ added: number; locationId: string; shippingProfileId: string }> {
  const fulfillment = container.resolve(Modules.FULFILLMENT)
  const link = container.resolve(ContainerRegistrationKeys.LINK)
  let added = 0

  let [location] = await container
    .resolve(Modules.STOCK_LOCATION)
    .listStockLocations({ name: LOCATION })
  if (!location) {
    const { result } = await createStockLocationsWorkflow(container).run({
      input: {
        locations: [
          { name: LOCATION, address: { city: 'Helsinki', country_code: 'FI', address_1: '' } },
        ],
      },
    })
    location = result[0]
    added++
  }
  if (!location) throw new Error('seed: the stock location was not made')
  await linkSalesChannelsToStockLocationWorkflow(container).run({
    input: { id: location.id, add: [salesChannelId] },
  })

  let [profile] = await fulfillment.listShippingProfiles({ type: 'default' })
  if (!profile) {
    const { result } = await createShippingProfilesWorkflow(container).run({
      input: { data: [{ name: 'Default', type: 'default' }] },
    })
    profile = result[0]
    added++
  }
  if (!profile) throw new Error('seed: the shipping profile was not made')

  const set = await fulfillmentSet(container)
  await link.create([
    {
      [Modules.STOCK_LOCATION]: { stock_location_id: location.id },
      [Modules.FULFILLMENT]: { fulfillment_provider_id: PROVIDER },
    },
    {
      [Modules.STOCK_LOCATION]: { stock_location_id: location.id },
      [Modules.FULFILLMENT]: { fulfillment_set_id: set.id },
    },
  ])
  for (const region of regions) added += await seedOptions(container, region, set, profile.id)
  return { added, locationId: location.id, shippingProfileId: profile.id }
}

interface FulfillmentSet {
  id: string
  service_zones: { id: string; name: string }[]
}

async function fulfillmentSet(container: MedusaContainer): Promise<FulfillmentSet> {
  const fulfillment = container.resolve(Modules.FULFILLMENT)
  const relations = { relations: ['service_zones'] }
  const [known] = await fulfillment.listFulfillmentSets({ name: 'Delivery' }, relations)
  if (known) return known
  return fulfillment.createFulfillmentSets({
    name: 'Delivery',
    type: 'shipping',
    service_zones: regions.map(({ name, countries }) => ({
      name,
      geo_zones: Object.keys(countries).map((country_code) => ({
        country_code,
        type: 'country' as const,
      })),
    })),
  })
}

async function seedOptions(
  container: MedusaContainer,
  region: SeedRegion,
  set: FulfillmentSet,
  shippingProfileId: string,
): Promise<number> {
  const zone = set.service_zones.find(({ name }) => name === region.name)
  if (!zone) throw new Error(`seed: nothing delivers to ${region.name}`)
  const known = await container
    .resolve(Modules.FULFILLMENT)
    .listShippingOptions({ service_zone: { id: zone.id } })
  const missing = region.shipping.filter(
    ({ name }) => !known.some((option) => option.name === name),
  )
  if (missing.length === 0) return 0
  await createShippingOptionsWorkflow(container).run({
    input: missing.map(({ name, code, description, price }) => ({
      name,
      price_type: 'flat' as const,
      provider_id: PROVIDER,
      service_zone_id: zone.id,
      shipping_profile_id: shippingProfileId,
      type: { label: name, description, code },
      prices: [{ currency_code: region.currency, amount: price }],
      rules: [
        { attribute: 'enabled_in_store', value: 'true', operator: 'eq' as const },
        { attribute: 'is_return', value: 'false', operator: 'eq' as const },
      ],
    })),
  })
  return missing.length
}
