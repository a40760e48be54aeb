import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { Problem } from '../shop/steps.ts'

export const ROOT = join(import.meta.dirname, '../..')
export const MONITORS_FILE = join(ROOT, 'nixos/uptime/monitors.json')

const watched = {
  name: z.string().min(1).max(60),
  url: z.url({ protocol: /^https$/, message: 'must be an address that begins with https' }),
  /** Seconds; the free plan knows no shorter one. */
  interval: z.int().min(300).max(86_400),
  /** Seconds. */
  timeout: z.int().min(1).max(60),
  for: z.string().min(1),
}
const file = z
  .strictObject({
    about: z.array(z.string()),
    prefix: z.string().min(4, 'must be long enough to belong to nobody else'),
    alert: z.strictObject({ email: z.email().nullable() }),
    monitors: z
      .array(
        z.discriminatedUnion('type', [
          z.strictObject({ ...watched, type: z.literal('HTTP') }),
          z.strictObject({
            ...watched,
            type: z.literal('KEYWORD'),
            keyword: z.string().min(1).max(500),
          }),
        ]),
      )
      .min(1),
  })
  .superRefine(({ monitors }, context) => {
    for (const [index, { name }] of monitors.entries()) {
      if (monitors.findIndex((each) => each.name === name) === index) continue
      const path = ['monitors', index, 'name']
      context.addIssue({ code: 'custom', path, message: 'two monitors have this name' })
    }
  })

/** What nixos/uptime/monitors.json says. */
export type Monitors = z.infer<typeof file>
export type WantedMonitor = Monitors['monitors'][number]

/**
 * Reads the file of monitors.
 * @throws Problem naming every place that is wrong
 */
export function readMonitors(path = MONITORS_FILE): Monitors {
  let json: unknown
  try {
    json = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new Problem(`${path}: ${(error as Error).message}`)
  }
  const result = file.safeParse(json)
  if (!result.success) throw new Problem(`${path} is wrong:\n${z.prettifyError(result.error)}`)
  return result.data
}
