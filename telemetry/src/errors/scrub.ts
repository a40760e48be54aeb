import { redacted } from '../logging/redact'

/** Shortest value of the environment that is taken out of texts; shorter ones are words. */
const SECRET_MIN_LENGTH = 8
/** Longest message that leaves. */
const MESSAGE_MAX = 1_000
const FRAMES_MAX = 50
const CAUSES_MAX = 6

const RULES: [RegExp, string][] = [
  // Keys as most programs write them; of another process, too, whose values are not known here.
  [/\b[0-9a-f]{32,}\b/gi, '[hex]'],
  // A street and its number, as people write it into a sentence.
  [
    /\b\d{1,5}[a-z]? (?:\p{Lu}[\p{L}'.-]+ ){1,3}(?:street|st|road|rd|avenue|ave|lane|way|drive|square|court|boulevard)\b\.?/giu,
    '[address]',
  ],
  [
    /\b\p{Lu}[\p{L}.-]*(?:straße|strasse|str\.|weg|gasse|allee|platz|ufer|damm) \d{1,4}[a-z]?\b/gu,
    '[address]',
  ],
]

/** Takes out what must not leave; made once of the secrets that this process knows. */
export type Scrub = (text: string) => string

/** @param secrets values, such as DATABASE_URL's, that must not be in any text */
export function scrubber(secrets: readonly string[]): Scrub {
  // An address is a secret as a whole, and so is the password in it.
  const passwords = secrets.flatMap((each) =>
    URL.canParse(each) ? [new URL(each).password, decodeURIComponent(new URL(each).password)] : [],
  )
  const values = [...new Set([...secrets, ...passwords])]
    .filter((each) => each.length >= SECRET_MIN_LENGTH)
    .sort((a, b) => b.length - a.length)
  return (text) => {
    let clean = text
    for (const value of values) clean = clean.replaceAll(value, '[secret]')
    for (const [pattern, instead] of RULES) clean = clean.replace(pattern, instead)
    return redacted(clean)
  }
}

/** Anything that may be an event: our own, or what a browser has sent. */
type Loose = { readonly [name: string]: unknown }

function object(value: unknown): Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Loose)
    : {}
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

/** Without what is undefined, so that an envelope has only what is known. */
function known<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, each]) => each !== undefined)) as T
}

/** A file's address without query: a deployment's name, and perhaps a visitor's search. */
function withoutQuery(text: string): string {
  return text.replace(/[?#].*$/s, '')
}

/**
 * An event made anew of the few fields that are known to hold neither a person nor a secret, each text
 * scrubbed. What is not named here does not leave: users, bodies, headers, variables, breadcrumbs' data.
 */
export function scrubbedEvent(loose: object, scrub: Scrub): Loose {
  const event = loose as Loose
  const text = (value: unknown, max = 200): string | undefined =>
    typeof value === 'string' ? scrub(value.slice(0, 8 * MESSAGE_MAX)).slice(0, max) : undefined
  const file = (value: unknown) =>
    text(typeof value === 'string' ? withoutQuery(value) : value, 500)
  const number = (value: unknown) => (typeof value === 'number' ? value : undefined)
  const boolean = (value: unknown) => (typeof value === 'boolean' ? value : undefined)
  // A commit, which as a text would be taken for a key.
  const release = (value: unknown) =>
    typeof value === 'string' && /^[\w.-]{1,64}$/.test(value) ? value : undefined
  const id = (value: unknown) =>
    typeof value === 'string' && /^[0-9a-f-]{32,36}$/i.test(value) ? value : undefined

  const frame = (value: unknown) => {
    const each = object(value)
    return known({
      filename: file(each.filename),
      abs_path: file(each.abs_path),
      function: text(each.function),
      module: text(each.module),
      lineno: number(each.lineno),
      colno: number(each.colno),
      in_app: boolean(each.in_app),
    })
  }
  const exception = (value: unknown) => {
    const each = object(value)
    const mechanism = object(each.mechanism)
    const frames = list(object(each.stacktrace).frames).slice(-FRAMES_MAX).map(frame)
    return known({
      type: text(each.type),
      value: text(each.value, MESSAGE_MAX),
      stacktrace: frames.length > 0 ? { frames } : undefined,
      mechanism: known({
        type: text(mechanism.type) ?? 'generic',
        handled: boolean(mechanism.handled),
        source: text(mechanism.source),
        exception_id: number(mechanism.exception_id),
        parent_id: number(mechanism.parent_id),
      }),
    })
  }
  const breadcrumb = (value: unknown) => {
    const each = object(value)
    return known({
      timestamp: number(each.timestamp),
      type: text(each.type),
      category: text(each.category),
      level: text(each.level),
      message: text(each.message),
    })
  }
  const image = (value: unknown) => {
    const each = object(value)
    return { type: 'sourcemap', code_file: file(each.code_file), debug_id: id(each.debug_id) }
  }
  const tags = Object.entries(object(event.tags)).flatMap(([name, value]) => {
    const scalar = typeof value === 'number' || typeof value === 'boolean'
    const clean = scalar ? String(value) : text(value)
    return clean === undefined ? [] : [[text(name, 32), clean] as const]
  })
  // Numbers only: a text here is somebody's.
  const extra = Object.entries(object(event.extra)).filter(([, value]) => typeof value === 'number')
  const contexts = object(event.contexts)
  const named = (value: unknown) => {
    const each = object(value)
    return each.name === undefined
      ? undefined
      : known({ name: text(each.name), version: text(each.version) })
  }
  const request = object(event.request)
  const url = file(request.url)
  const values = list(object(event.exception).values).slice(-CAUSES_MAX).map(exception)
  const breadcrumbs = list(event.breadcrumbs).slice(-20).map(breadcrumb)
  const images = list(object(event.debug_meta).images)
    .filter((each) => object(each).type === 'sourcemap')
    .slice(0, FRAMES_MAX)
    .map(image)
  return known({
    event_id: id(event.event_id),
    timestamp: number(event.timestamp),
    platform: text(event.platform),
    level: text(event.level),
    release: release(event.release),
    environment: text(event.environment),
    server_name: text(event.server_name),
    transaction: text(event.transaction),
    message: text(event.message, MESSAGE_MAX),
    exception: values.length > 0 ? { values } : undefined,
    breadcrumbs: breadcrumbs.length > 0 ? breadcrumbs : undefined,
    request: url ? known({ url, method: text(request.method) }) : undefined,
    tags: Object.fromEntries(tags),
    extra: Object.fromEntries(extra),
    contexts: known({
      // A browser's event passes our own process, which adds itself.
      runtime: contexts.browser ? undefined : named(contexts.runtime),
      browser: named(contexts.browser),
    }),
    debug_meta: images.length > 0 ? { images } : undefined,
  })
}
