import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { apply } from './apply.ts'
import { nameOf, type Outside, type Planned } from './proposal.ts'

/** A place that holds words; each change adds one. */
class Words implements Outside<string> {
  readonly name = 'the place'
  readonly command = 'npm run words'
  readonly made: string[] = []
  readonly wanted: readonly string[]
  constructor(wanted: readonly string[]) {
    this.wanted = wanted
  }
  async propose() {
    const changes = this.wanted
      .filter((word) => !this.made.includes(word))
      .map((word): Planned<string> => ({ line: `+ ${word}`, change: word }))
    return { changes, notes: [], obstacles: [] }
  }
  async make(word: string) {
    this.made.push(word)
  }
}

/** Standard input of a terminal at which somebody types. */
function typing(text: string | null) {
  const input = Object.assign(new PassThrough(), { isTTY: true })
  if (text === null) input.end()
  else input.write(`${text}\n`)
  return { input, output: new PassThrough() }
}

beforeEach(() => {
  vi.spyOn(console, 'log').mockReturnValue()
})
afterEach(() => vi.restoreAllMocks())

describe('at a terminal, a plan', () => {
  it('is made after a yes', async () => {
    const place = new Words(['one', 'two'])
    expect(await apply(place, typing('yes'))).toBe(true)
    expect(place.made).toEqual(['one', 'two'])
  })

  it.each(['', 'y', 'no', 'YES', 'yes please'])('is not made after %j', async (answer) => {
    const place = new Words(['one'])
    expect(await apply(place, typing(answer))).toBe(false)
    expect(place.made).toEqual([])
  })

  it('is not made when the terminal is closed', async () => {
    const place = new Words(['one'])
    expect(await apply(place, typing(null))).toBe(false)
    expect(place.made).toEqual([])
  })

  it('of nothing asks nothing', async () => {
    expect(await apply(new Words([]), typing(null))).toBe(true)
  })
})

it("a plan's name covers what is behind a line, too", () => {
  const base = { notes: [], obstacles: [] }
  const one = nameOf({ ...base, changes: [{ line: '+ a', change: { id: 1 } }] })
  expect(nameOf({ ...base, notes: ['other'], changes: [{ line: '+ a', change: { id: 1 } }] })).toBe(
    one,
  )
  expect(nameOf({ ...base, changes: [{ line: '+ a', change: { id: 2 } }] })).not.toBe(one)
})

it('an error that is no answer of the service is not taken for one', async () => {
  const place = new Words(['one'])
  place.make = async () => {
    throw new TypeError('a fault of ours')
  }
  await expect(apply(place, typing('yes'))).rejects.toThrow('a fault of ours')
})
