/**
 * Attributes of a product that anybody may see: names of its metadata in Medusa, in the order of the page.
 * Everything else in metadata stays with the owner. Both apps read this list: Medusa gives no other name to
 * anybody, the storefront shows no other, and the sample catalogue uses no other.
 */
export const ATTRIBUTES = [
  'Material',
  'Standard',
  'Accuracy',
  'Readability',
  'Resolution',
  'Division',
  'Range',
  'Temperature',
  'Speed',
  'Channels',
  'Objectives',
  'Lens',
  'Glass',
  'Thickness',
  'Diameter',
  'Visor',
  'Filling',
  'Magnet',
  'Protection',
  'Interface',
  'Max. force',
  'Autoclavable',
  'Sterile',
  'Shelf life',
  'Washing',
  'Rack',
  'Pack',
  'Print',
  'Pages',
  'Paper',
  'Language',
  'Booklet',
  'Certificate',
  'Warranty',
] as const

/** Name of an attribute. */
export type Attribute = (typeof ATTRIBUTES)[number]
