import sharp from 'sharp'
import { type Drawing, drawings } from './drawings'

/** Edge of a product picture in pixels. */
export const PICTURE_SIZE = 1200

/** Backgrounds by category: one soft tint each, so that a shelf reads as one. */
export const TINTS: Record<string, [string, string]> = {
  glassware: ['#eef5f2', '#d6e6e0'],
  'liquid-handling': ['#eef2f8', '#d7e0ee'],
  safety: ['#faf3e6', '#f0e0c4'],
  microscopy: ['#f4eff6', '#e2d8ea'],
  'books-instruments': ['#f6f1ea', '#e6dccd'],
}

/** A drawing as an SVG document of 600 by 600 units. */
export function svg(drawing: Drawing, category: string): string {
  const [light, deep] = TINTS[category] ?? ['#f2f2f2', '#dddddd']
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 600" width="${PICTURE_SIZE}" height="${PICTURE_SIZE}">
<defs><radialGradient id="ground" cx="50%" cy="38%" r="75%"><stop offset="0" stop-color="${light}"/><stop offset="1" stop-color="${deep}"/></radialGradient></defs>
<rect width="600" height="600" fill="url(#ground)"/><ellipse cx="300" cy="518" rx="200" ry="20" fill="#1d3b36" fill-opacity=".13"/>
${drawings[drawing]()}</svg>`
}

/** A drawing as WebP. */
export function render(drawing: Drawing, category: string): Promise<Buffer> {
  return sharp(Buffer.from(svg(drawing, category)))
    .webp({ quality: 88 })
    .toBuffer()
}
