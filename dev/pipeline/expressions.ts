/** A value of GitHub's expression language. */
export type Value = null | boolean | number | string | Value[] | { [key: string]: Value }

/** What a job's ancestors and its run have come to. */
export interface Status {
  success: boolean
  failure: boolean
  cancelled: boolean
}

const TOKEN =
  /\s*(?:(\d+(?:\.\d+)?)|'((?:[^']|'')*)'|([A-Za-z_][\w-]*)|(&&|\|\||[=!<>]=|[!<>()[\].,*]))/y

type Token = { kind: 'number' | 'string' | 'name' | 'sign'; text: string }

function tokens(expression: string): Token[] {
  const found: Token[] = []
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < expression.trimEnd().length) {
    const at = TOKEN.lastIndex
    const match = TOKEN.exec(expression)
    if (!match) throw new Error(`not an expression from here on: ${expression.slice(at)}`)
    const [, number, string, name, sign] = match
    if (number !== undefined) found.push({ kind: 'number', text: number })
    else if (string !== undefined)
      found.push({ kind: 'string', text: string.replaceAll("''", "'") })
    else if (name !== undefined) found.push({ kind: 'name', text: name })
    else found.push({ kind: 'sign', text: sign ?? '' })
  }
  return found
}

const truthy = (value: Value) => !(value === null || value === false || value === 0 || value === '')

function number(value: Value): number {
  if (value === null) return 0
  if (typeof value === 'object') return Number.NaN
  return typeof value === 'string' && value.trim() === '' ? 0 : Number(value)
}

/** Loose equality: strings without case, other types as numbers, objects only with themselves. */
function equal(left: Value, right: Value): boolean {
  if (typeof left === 'string' && typeof right === 'string') {
    return left.toLowerCase() === right.toLowerCase()
  }
  if (left !== null && right !== null && typeof left === 'object' && typeof right === 'object') {
    return left === right
  }
  return number(left) === number(right)
}

const text = (value: Value) => (value === null || typeof value === 'object' ? '' : String(value))

const FUNCTIONS: { [name: string]: (...args: Value[]) => Value } = {
  contains: (search = null, item = null) =>
    Array.isArray(search)
      ? search.some((each) => equal(each, item))
      : text(search).toLowerCase().includes(text(item).toLowerCase()),
  fromjson: (value = null) => JSON.parse(text(value)) as Value,
  tojson: (value = null) => JSON.stringify(value, null, 2),
}

/** Names of the functions that take the place of the implicit success(). */
const STATUS_FUNCTIONS = ['success', 'failure', 'cancelled', 'always']

/** The text between `${{` and `}}`, or the whole of an `if` that leaves them out. */
function bare(expression: string): string {
  return /^\s*\$\{\{([\s\S]*)\}\}\s*$/.exec(expression)?.[1] ?? expression
}

/** Whether an expression has a status function, so that GitHub adds no success() to it. */
export function hasStatusFunction(expression: string): boolean {
  return tokens(bare(expression)).some(
    ({ kind, text }, at, all) =>
      kind === 'name' && STATUS_FUNCTIONS.includes(text) && all[at + 1]?.text === '(',
  )
}

/**
 * Evaluates one expression as GitHub documents it: operators, loose equality, object filters, the
 * functions above and the status functions. Other functions are an error, not null.
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/expressions
 */
export function evaluate(
  expression: string,
  contexts: { [name: string]: Value },
  status: Status = { success: true, failure: false, cancelled: false },
): Value {
  const queue = tokens(bare(expression))
  const next = () => queue.shift() ?? { kind: 'sign' as const, text: 'the end' }
  const take = (...signs: string[]) =>
    queue[0]?.kind === 'sign' && signs.includes(queue[0].text) ? next().text : undefined
  const expect = (sign: string) => {
    if (!take(sign)) throw new Error(`${sign} expected before ${queue[0]?.text ?? 'the end'}`)
  }

  function or(): Value {
    let left = and()
    while (take('||')) {
      const right = and()
      left = truthy(left) ? left : right
    }
    return left
  }
  function and(): Value {
    let left = equality()
    while (take('&&')) {
      const right = equality()
      left = truthy(left) ? right : left
    }
    return left
  }
  function equality(): Value {
    let left = relation()
    for (let sign = take('==', '!='); sign; sign = take('==', '!=')) {
      const same = equal(left, relation())
      left = sign === '==' ? same : !same
    }
    return left
  }
  function relation(): Value {
    let left = unary()
    for (let sign = take('<', '<=', '>', '>='); sign; sign = take('<', '<=', '>', '>=')) {
      const [a, b] = [number(left), number(unary())]
      left = { '<': a < b, '<=': a <= b, '>': a > b, '>=': a >= b }[sign] ?? false
    }
    return left
  }
  function unary(): Value {
    return take('!') ? !truthy(unary()) : member(primary())
  }
  function member(value: Value): Value {
    if (take('.')) return member(take('*') ? filter(value) : property(value, next().text))
    if (take('[')) {
      const key = or()
      expect(']')
      return member(property(value, text(key)))
    }
    return value
  }
  function primary(): Value {
    if (take('(')) {
      const value = or()
      expect(')')
      return value
    }
    const token = next()
    if (token.kind === 'number') return Number(token.text)
    if (token.kind === 'string') return token.text
    if (token.kind !== 'name') throw new Error(`a value expected, found ${token.text}`)
    if (take('(')) return call(token.text)
    const literals: { [name: string]: Value } = { true: true, false: false, null: null }
    if (token.text in literals) return literals[token.text] ?? null
    if (!(token.text in contexts)) throw new Error(`${token.text} is no context here`)
    return contexts[token.text] ?? null
  }
  function call(name: string): Value {
    const args: Value[] = []
    while (!take(')')) {
      args.push(or())
      take(',')
    }
    if (name === 'always') return true
    if (name === 'success' || name === 'failure' || name === 'cancelled') return status[name]
    const found = FUNCTIONS[name.toLowerCase()]
    if (!found) throw new Error(`${name}() is not known here`)
    return found(...args)
  }

  const value = or()
  if (queue.length > 0) throw new Error(`too much from ${queue[0]?.text} on`)
  return value
}

/** A filter's values, marked so that the next property is taken of each. */
class Filtered extends Array<Value> {}

function filter(value: Value): Value {
  if (value === null || typeof value !== 'object') return Filtered.from<Value>([])
  return Filtered.from<Value>(Array.isArray(value) ? value : Object.values(value))
}

function property(value: Value, key: string): Value {
  if (value instanceof Filtered) {
    return Filtered.from<Value>(
      value.map((each) => property(each, key)).filter((each) => each !== null),
    )
  }
  if (Array.isArray(value)) return value[Number(key)] ?? null
  return value !== null && typeof value === 'object' ? (value[key] ?? null) : null
}

/** Whether GitHub runs a job or step with this `if` (undefined: none). */
export function runs(
  condition: string | undefined,
  contexts: { [name: string]: Value },
  status: Status,
): boolean {
  if (condition === undefined) return status.success
  if (!hasStatusFunction(condition) && !status.success) return false
  return truthy(evaluate(condition, contexts, status))
}

/** Text with its `${{ … }}` filled in. */
export function fill(template: string, contexts: { [name: string]: Value }): string {
  return template.replace(/\$\{\{([\s\S]*?)\}\}/g, (_, expression: string) =>
    text(evaluate(expression, contexts)),
  )
}
