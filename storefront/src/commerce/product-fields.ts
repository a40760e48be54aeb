/** Fields of the store API that product.ts reads. */
export const PRODUCT_FIELDS =
  'id,handle,title,subtitle,description,thumbnail,metadata,*images,*options,*options.values,*variants,*variants.options,*variants.calculated_price,+variants.inventory_quantity,*categories'
