import type { MedusaContainer } from '@medusajs/framework/types'
import { Modules } from '@medusajs/framework/utils'
import { createRegionsWorkflow, createTaxRegionsWorkflow } from '@medusajs/medusa/core-flows'
import { regions } from './places'

/** Regions with their currency and Bitcoin as the way to pay, and each country's tax. */
export async function seedRegions(container: MedusaContainer): Promise<{ added: number }> {
  const known = await container.resolve(Modules.REGION).listRegions({})
  const missing = regions.filter(({ name }) => !known.some((region) => region.name === name))
  if (missing.length > 0) {
    await createRegionsWorkflow(container).run({
      input: {
        regions: missing.map(({ name, currency, countries }) => ({
          name,
          currency_code: currency,
          // European shoppers are owed prices with VAT; American ones expect sales tax on top.
          is_tax_inclusive: currency === 'eur',
          countries: Object.keys(countries),
          payment_providers: ['pp_btcpay_btcpay'],
        })),
      },
    })
  }
  const taxed = await container.resolve(Modules.TAX).listTaxRegions({})
  const untaxed = regions
    .flatMap(({ countries }) => Object.entries(countries))
    .filter(([country]) => !taxed.some((region) => region.country_code === country))
  if (untaxed.length > 0) {
    await createTaxRegionsWorkflow(container).run({
      input: untaxed.map(([country_code, rate]) => ({
        country_code,
        provider_id: 'tp_system',
        default_tax_rate: {
          name: rate === 0 ? 'No tax' : 'VAT',
          code: `${country_code}-standard`,
          rate,
        },
      })),
    })
  }
  return { added: missing.length + untaxed.length }
}
