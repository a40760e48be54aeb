import type { Shape } from './shape'

/** Names of plain values, in words. */
function values(names: string): { [name: string]: true } {
  return Object.fromEntries(
    names
      .split(/\s+/)
      .filter(Boolean)
      .map((name) => [name, true]),
  )
}

const image: Shape = { fields: values('id url rank') }
const dates = values('created_at updated_at')

/** A category inside of another record: Medusa gives internal and inactive ones there, too. */
const nestedCategory: Shape = {
  fields: values('id handle name description rank parent_category_id'),
  shown: ({ is_active, is_internal }) => is_active === true && is_internal === false,
}

const collection: Shape = { fields: { ...values('id title handle'), ...dates } }
const option: Shape = {
  fields: { ...values('id title'), values: { fields: values('id value rank') } },
}
const productType: Shape = { fields: values('id value') }
const productTag: Shape = { fields: values('id value') }

const price: Shape = {
  fields: {
    ...values(`id currency_code calculated_amount calculated_amount_with_tax
      calculated_amount_without_tax original_amount original_amount_with_tax
      original_amount_without_tax is_calculated_price_price_list is_calculated_price_tax_inclusive
      is_original_price_price_list is_original_price_tax_inclusive`),
    calculated_price: { fields: values('price_list_type') },
    original_price: { fields: values('price_list_type') },
  },
}

const measures = values('weight length height width material origin_country')

const variant: Shape = {
  fields: {
    ...values(`id title sku barcode ean upc product_id variant_rank thumbnail allow_backorder
      manage_inventory inventory_quantity`),
    ...measures,
    ...dates,
    options: {
      fields: { ...values('id value option_id'), option: { fields: values('id title') } },
    },
    images: image,
    calculated_price: price,
  },
}

const product: Shape = {
  fields: {
    ...values(`id title subtitle description handle is_giftcard discountable thumbnail
      collection_id type_id`),
    ...measures,
    ...dates,
    metadata: 'attributes',
    images: image,
    options: option,
    variants: variant,
    categories: nestedCategory,
    collection,
    tags: productTag,
    type: productType,
  },
}

const category: Shape = {
  fields: {
    ...values('id handle name description rank parent_category_id'),
    ...dates,
    parent_category: nestedCategory,
    category_children: nestedCategory,
  },
}

const country: Shape = { fields: values('id iso_2 iso_3 num_code name display_name region_id') }

const region: Shape = {
  fields: {
    ...values('id name currency_code automatic_taxes'),
    ...dates,
    countries: country,
    payment_providers: { fields: values('id is_enabled') },
  },
}

const shippingOption: Shape = {
  fields: {
    ...values(`id name price_type amount is_tax_inclusive insufficient_inventory provider_id
      shipping_option_type_id`),
    type: { fields: values('id label description code') },
    calculated_price: price,
  },
}

const address: Shape = {
  fields: values(`id first_name last_name company address_1 address_2 city postal_code country_code
    province phone`),
}

const taxLine: Shape = { fields: values('id code description rate total subtotal') }
const adjustment: Shape = { fields: values('id code amount description is_tax_inclusive') }

const lineTotals = `total subtotal tax_total discount_total discount_subtotal discount_tax_total
  original_total original_subtotal original_tax_total`

const cartLine: Shape = {
  fields: {
    ...values(`id cart_id title subtitle thumbnail quantity unit_price compare_at_unit_price
      variant_id product_id product_title product_subtitle product_description product_handle
      product_type product_type_id product_collection variant_title variant_sku variant_barcode
      is_giftcard is_discountable is_tax_inclusive requires_shipping item_total item_subtotal
      item_tax_total ${lineTotals}`),
    ...dates,
    tax_lines: taxLine,
    adjustments: adjustment,
    product: { fields: values('id title subtitle handle thumbnail collection_id type_id') },
    variant,
  },
}

const cart: Shape = {
  fields: {
    ...values(`id email currency_code locale region_id completed_at sales_channel_id ${lineTotals}
      item_total item_subtotal item_tax_total item_discount_total original_item_total
      original_item_subtotal original_item_tax_total shipping_total shipping_subtotal
      shipping_tax_total shipping_discount_total original_shipping_total
      original_shipping_subtotal original_shipping_tax_total credit_line_total
      credit_line_subtotal credit_line_tax_total gift_card_total gift_card_tax_total
      shipping_address_id billing_address_id`),
    ...dates,
    items: cartLine,
    shipping_address: address,
    billing_address: address,
    shipping_methods: {
      fields: {
        ...values(`id cart_id name amount description is_tax_inclusive shipping_option_id
          ${lineTotals}`),
        tax_lines: taxLine,
        adjustments: adjustment,
      },
    },
    promotions: {
      fields: {
        ...values('id code is_automatic is_tax_inclusive'),
        application_method: { fields: values('value type currency_code') },
      },
    },
    region,
    payment_collection: { fields: values('id amount currency_code status') },
  },
}

/** Records of the store API by the first part of their address below `/store`. */
export const RECORDS: { readonly [route: string]: Shape } = {
  products: product,
  'product-variants': variant,
  'product-categories': category,
  'product-options': option,
  'product-tags': productTag,
  'product-types': productType,
  collections: collection,
  regions: region,
  'shipping-options': shippingOption,
  carts: cart,
}

/** What answers of these addresses are made of; everything else in them does not leave. */
export const ANSWER: Shape = {
  fields: {
    ...values('count estimate_count offset limit id object deleted type'),
    products: product,
    product,
    variants: variant,
    variant,
    product_categories: category,
    product_category: category,
    product_options: option,
    product_option: option,
    product_tags: productTag,
    product_tag: productTag,
    product_types: productType,
    product_type: productType,
    collections: collection,
    collection,
    regions: region,
    region,
    shipping_options: shippingOption,
    shipping_option: shippingOption,
    cart,
    // The cart of a removed line.
    parent: cart,
    // Of a cart that was completed, and of one that could not be.
    order: { fields: values('id display_id status currency_code total created_at') },
    error: { fields: values('type name message') },
  },
}
