import { MedusaError } from '@medusajs/framework/utils'
import sharp from 'sharp'
import { isTable, knownKind, looksDrawable, PICTURES, type PictureKind } from './kinds'
import { DRAW_SECONDS, MAX_PIXELS, TAKEN } from './limits'

/** What an uploaded file is, by its content; its name and declared type say nothing. */
export type Examined = { kind: 'picture'; picture: PictureKind } | { kind: 'table' }

function refuse(filename: string, problem: string): never {
  // The name is a stranger's as far as a log or a page is concerned.
  const name = filename.replace(/\p{C}/gu, ' ').slice(0, 80)
  throw new MedusaError(MedusaError.Types.INVALID_DATA, `"${name}" ${problem}`)
}

const megapixels = (pixels: number) => String(Math.round(pixels / 100_000) / 10)

/** Kind and size of a picture, from its head alone: nothing is decoded. */
async function readHead(bytes: Buffer, filename: string): Promise<PictureKind> {
  // All frames of an animation; undefined when the head is broken.
  const head = await sharp(bytes, { pages: -1, limitInputPixels: false })
    .metadata()
    .catch(() => undefined)
  const picture = head && PICTURES[head.format]
  if (!picture) refuse(filename, 'is a picture that cannot be read.')
  if (head.format === 'heif' && head.compression !== 'av1') {
    refuse(filename, `is a HEIC picture; export it as JPEG first. ${TAKEN}`)
  }
  const frames = head.pages ?? 1
  const height = head.pageHeight ? head.pageHeight * frames : head.height
  const pixels = head.width * height
  if (pixels <= MAX_PIXELS) return picture
  const inFrames = frames > 1 ? ` in ${frames} frames` : ''
  const most = megapixels(MAX_PIXELS)
  refuse(filename, `has ${megapixels(pixels)} megapixels${inFrames}; the shop takes up to ${most}.`)
}

/**
 * What a file is, by its content.
 * @throws MedusaError of type invalid_data, with a sentence, when it is none that the shop takes, or
 * too many pixels
 */
export async function examine(bytes: Buffer, filename: string): Promise<Examined> {
  if (bytes.length === 0) refuse(filename, 'is empty.')
  if (looksDrawable(bytes)) return { kind: 'picture', picture: await readHead(bytes, filename) }
  const known = knownKind(bytes)
  if (known) refuse(filename, `is ${known}. ${TAKEN}`)
  if (isTable(bytes, filename)) return { kind: 'table' }
  if (/\.csv$/i.test(filename)) refuse(filename, 'is no text in UTF-8; save it as "CSV UTF-8".')
  refuse(filename, `is of a kind that is not taken. ${TAKEN}`)
}

/** One at a time: each may take all the memory that MAX_PIXELS allows. */
let drawing: Promise<unknown> = Promise.resolve()

/**
 * Draws a small copy of a picture, so that one that is broken is refused while its owner looks on.
 * @throws MedusaError of type invalid_data when it cannot be drawn
 */
export async function tryToDraw(bytes: Buffer, filename: string): Promise<void> {
  const turn = drawing.then(() =>
    sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'truncated', sequentialRead: true })
      .resize(16, 16, { fit: 'inside' })
      .timeout({ seconds: DRAW_SECONDS })
      .toBuffer(),
  )
  drawing = turn.catch(() => undefined)
  await turn.catch(() => refuse(filename, 'cannot be drawn: the file is damaged.'))
}
