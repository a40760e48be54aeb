import { ATTRIBUTES } from './attributes'

/** What of a record leaves: names of plain values (`true`), of records in it, of a product's attributes. */
export interface Shape {
  readonly fields: { readonly [name: string]: true | 'attributes' | Shape }
  /** Whether a record is shown at all; without it, every one is. */
  readonly shown?: (record: Record<string, unknown>) => boolean
}

type Part = Shape['fields'][string]

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Own names only: `constructor` is in every object. */
function partOf(shape: Shape, name: string): Part | undefined {
  return Object.hasOwn(shape.fields, name) ? shape.fields[name] : undefined
}

/** A value that says nothing but itself: text, number, date, amount. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain).filter((each) => each !== undefined)
  if (!isRecord(value)) return value
  return 'toJSON' in value && typeof value.toJSON === 'function' ? plain(value.toJSON()) : undefined
}

function attributesOf(value: unknown): Record<string, unknown> | null {
  if (!isRecord(value)) return null
  const named = ATTRIBUTES.filter((name) => Object.hasOwn(value, name))
  return Object.fromEntries(named.map((name) => [name, plain(value[name])]))
}

/** What of a value may leave: nothing that its shape does not name. */
export function pick(value: unknown, part: Part): unknown {
  if (part === true) return plain(value)
  if (part === 'attributes') return attributesOf(value)
  if (Array.isArray(value)) {
    return value.map((each) => pick(each, part)).filter((each) => each !== undefined)
  }
  if (!isRecord(value)) return value === null ? null : undefined
  if (part.shown && !part.shown(value)) return undefined
  const picked = Object.keys(value).flatMap((name) => {
    const inside = partOf(part, name)
    const left = inside && pick(value[name], inside)
    return left === undefined ? [] : [[name, left] as const]
  })
  return Object.fromEntries(picked)
}

/**
 * Whether a path such as `variants.options.value` names something of a shape.
 * @param leaf the path must end at a plain value
 */
export function isNamed(path: string, shape: Shape, leaf = false): boolean {
  const [name = '', ...rest] = path.split('.')
  const part = partOf(shape, name)
  if (part === undefined) return false
  if (rest.length === 0) return !leaf || part === true
  return typeof part === 'object' && isNamed(rest.join('.'), part, leaf)
}
