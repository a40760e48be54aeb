import 'server-only'
import type { HttpTypes } from '@medusajs/types'
import { notFound } from 'next/navigation'
import { readCatalogue } from './medusa'
import { REGIONS, type RegionSlug, regionSlug } from './region-slugs'

/** A region of the shop: one currency, one set of countries. */
export interface Region {
  id: string
  slug: RegionSlug
  /** ISO 3166-1 alpha-2 in lower case. */
  countries: { code: string; name: string }[]
}

/** The region of an address's first part. Any other address is a page that is not there. */
export async function regionOf(slug: string): Promise<Region> {
  const known = regionSlug(slug)
  if (!known) notFound()
  const answer = await readCatalogue<HttpTypes.StoreRegionListResponse>('/regions', {
    fields: 'id,currency_code,*countries',
  })
  const region = answer?.regions.find((each) => each.currency_code === REGIONS[known].currency)
  if (!region) throw new Error(`no region of Medusa sells in ${REGIONS[known].currency}`)
  const countries = (region.countries ?? []).map(({ iso_2, display_name }) => ({
    code: iso_2 ?? '',
    name: display_name ?? '',
  }))
  return {
    id: region.id,
    slug: known,
    countries: countries.sort((a, b) => a.name.localeCompare(b.name)),
  }
}
