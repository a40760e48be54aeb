/** Largest picture that is decoded, in pixels of all frames together: what an upload may have. */
export const MAX_PIXELS = 40_000_000

/** Largest file that is a picture of a product. */
export const MAX_BYTES = 5_000_000
