import { createHash } from 'node:crypto'

/** Text of every script element that holds no "<": Next escapes it, so all of Next's are here. */
const SCRIPTS = /<script(?: [^<>]*)?>([^<]+)<\/script>/g

/** A chunk of this build, as Turbopack names it. */
const CHUNK = /^static\/chunks\/[\w.~-]+\.js(?:\?dpl=[\w.-]+)?$/

const isText = (value: unknown) => typeof value === 'string'

/** Parts of React's data stream: 0 begins it, 1 is text, 2 the state of a sent form, 3 base64. */
function isFlight(value: unknown): boolean {
  if (!Array.isArray(value)) return false
  const [kind, data] = value
  if (kind === 0) return value.length === 1
  return value.length === 2 && (kind === 2 || ((kind === 1 || kind === 3) && isText(data)))
}

/** The chunks that a page begins with, and the numbers of the modules to start. */
function isBeginning(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const { otherChunks, runtimeModuleIds, ...rest } = value as Record<string, unknown>
  return (
    Array.isArray(otherChunks) &&
    otherChunks.every((chunk) => isText(chunk) && CHUNK.test(String(chunk))) &&
    Array.isArray(runtimeModuleIds) &&
    runtimeModuleIds.every((id) => Number.isSafeInteger(id)) &&
    Object.keys(rest).length === 0
  )
}

/**
 * Every inline script that Next 16 puts into a complete page: a push of one JSON value. Written by
 * next/dist/server/app-render/stream-ops.node.js and next/dist/server/get-page-files.js.
 * React's own instructions (`$RC(…)`) fill Suspense boundaries, of which no cached page has any.
 */
const FORMS = [
  { form: /^self\.__next_f\.push\((.+)\)$/s, isData: isFlight },
  { form: /^\(self\.__next_f=self\.__next_f\|\|\[\]\)\.push\((.+)\)$/s, isData: isFlight },
  {
    form: /^\(globalThis\["TURBOPACK"\] \|\| \(globalThis\["TURBOPACK"\] = \[\]\)\)\.push\((.+)\);$/s,
    isData: isBeginning,
  },
]

/**
 * Whether an inline script only hands data to the page's own scripts. JSON is a value in
 * JavaScript and cannot act, so that even a forged script of these forms runs nothing.
 */
export function isData(script: string): boolean {
  for (const { form, isData } of FORMS) {
    const [, json] = form.exec(script) ?? []
    if (json === undefined) continue
    try {
      return isData(JSON.parse(json))
    } catch {
      return false
    }
  }
  return false
}

/**
 * Sources (`'sha256-…'`) for the inline scripts of a page that are data; others get none and do
 * not run. This is no parser of HTML and need not be one: only what a script says counts.
 */
export function inlineSources(page: string): string[] {
  const sources = new Set<string>()
  for (const [, script = ''] of page.matchAll(SCRIPTS)) {
    if (!isData(script)) continue
    sources.add(`'sha256-${createHash('sha256').update(script).digest('base64')}'`)
  }
  return [...sources]
}
