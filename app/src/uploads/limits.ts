/**
 * Largest picture, in pixels of all its frames together: more than any camera's that a shop needs. The
 * storefront draws several widths of a picture at once, and each takes 4 bytes for a pixel.
 */
export const MAX_PIXELS = 40_000_000

/** What a file may be, for the sentence that refuses another one. */
export const TAKEN = 'The shop takes pictures as JPEG, PNG, WebP, AVIF or GIF, and tables as CSV.'

/** A picture that cannot be drawn in this time is refused. */
export const DRAW_SECONDS = 30
