import { setTimeout as delay } from 'node:timers/promises'
import sharp from 'sharp'

/** Pictures that are drawn at once: each may take MAX_PIXELS times 4 bytes. */
const AT_ONCE = 2
/** Bytes of pictures that wait for their turn; one more is refused, and the browser may come again. */
const WAITING_MAX_BYTES = 64 * 1024 * 1024
/** Nobody looks at a page for longer. */
const PATIENCE_MS = 20_000
/** Next begins to draw within milliseconds of having a picture. */
const BEGIN_MS = 50
const LOOK_EVERY_MS = 20

let line: Promise<void> = Promise.resolve()
let waitingBytes = 0

/** Pictures that are being drawn, or are given to sharp to be. */
function drawing(): number {
  const { process, queue } = sharp.counters()
  return process + queue
}

/**
 * Waits until a picture may be given to Next to be drawn, so that a page full of new and large ones costs
 * the memory of two.
 * @returns false when too many wait, or it took too long
 */
export async function turnFor(
  bytes: number,
  busy: () => number = drawing,
  patienceMs = PATIENCE_MS,
): Promise<boolean> {
  if (waitingBytes + bytes > WAITING_MAX_BYTES) return false
  waitingBytes += bytes
  const before = line
  let passOn = () => {}
  line = new Promise((resolve) => {
    passOn = resolve
  })
  const until = Date.now() + patienceMs
  await before
  while (busy() >= AT_ONCE && Date.now() < until) await delay(LOOK_EVERY_MS)
  waitingBytes -= bytes
  if (Date.now() >= until) {
    passOn()
    return false
  }
  setTimeout(passOn, BEGIN_MS)
  return true
}
