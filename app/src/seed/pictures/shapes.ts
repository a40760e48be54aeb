/** Ink of every outline. */
export const INK = '#1d3b36'
/** The shop's accent. */
export const ACCENT = '#e2703a'
const GLASS = '#ffffff'

/** A filled and outlined path. */
export function path(
  d: string,
  fill: string,
  options: { opacity?: number; stroke?: string; width?: number } = {},
): string {
  const { opacity = 1, stroke = INK, width = 7 } = options
  return `<path d="${d}" fill="${fill}" fill-opacity="${opacity}" stroke="${stroke}" stroke-width="${width}" stroke-linejoin="round" stroke-linecap="round"/>`
}

/** Clear glass: translucent, outlined. */
export function glass(d: string): string {
  return path(d, GLASS, { opacity: 0.55 })
}

/** Coloured liquid, without an outline so that the glass keeps its own. */
export function liquid(d: string, colour: string): string {
  return path(d, colour, { opacity: 0.85, stroke: 'none' })
}

/** An open line. */
export function line(d: string, colour = INK, width = 7): string {
  return path(d, 'none', { stroke: colour, width })
}

/** A rounded box. */
export function box(
  x: number,
  y: number,
  width: number,
  height: number,
  fill: string,
  radius = 12,
): string {
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}" fill="${fill}" stroke="${INK}" stroke-width="7"/>`
}

/** A box without an outline. */
export function plain(
  x: number,
  y: number,
  width: number,
  height: number,
  fill: string,
  radius = 6,
): string {
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}" fill="${fill}"/>`
}

/** A circle or, with two radii, an ellipse. */
export function round(x: number, y: number, rx: number, fill: string, ry = rx, width = 7): string {
  return `<ellipse cx="${x}" cy="${y}" rx="${rx}" ry="${ry}" fill="${fill}" stroke="${INK}" stroke-width="${width}"/>`
}

/** Graduation marks from y1 down to y2; every third one is long. */
export function marks(x: number, y1: number, y2: number, count: number, length = 26): string {
  return Array.from({ length: count }, (_, i) => {
    const y = y1 + ((y2 - y1) * i) / (count - 1)
    return line(`M${x} ${y}h${i % 3 === 0 ? length : length * 0.55}`, INK, 4)
  }).join('')
}

/** A streak of light on glass. */
export function shine(d: string): string {
  return line(d, '#ffffff', 10)
}

/** Words on a product. */
export function label(x: number, y: number, size: number, words: string, fill = INK): string {
  return `<text x="${x}" y="${y}" font-family="DejaVu Sans, Liberation Sans, sans-serif" font-size="${size}" font-weight="700" text-anchor="middle" fill="${fill}">${words}</text>`
}

/** Shapes turned around a point, in degrees. */
export function turned(degrees: number, x: number, y: number, shapes: string): string {
  return `<g transform="rotate(${degrees} ${x} ${y})">${shapes}</g>`
}
