import { expect, it } from 'vitest'
import { kindOf, kindOfText } from './kind'

it.each([
  ['numbers', 'timeout after 500 ms', 'timeout after 1500 ms'],
  ['ids', 'no cart cart_01JAB', 'no cart cart_01XYZ'],
  ['what is quoted', 'no Server Action "abcdef"', 'no Server Action "fedcba"'],
  ['what is quoted singly', "no such page 'abc'", "no such page 'a longer one'"],
])('is the same for messages that differ in %s', (_, one, other) => {
  expect(kindOfText(one)).toBe(kindOfText(other))
})

it('is another for another message', () => {
  expect(kindOfText('the database is away')).not.toBe(kindOfText('the queue is away'))
})

it('is another at another place', () => {
  const at = (place: string) =>
    Object.assign(new Error("cannot read 'a'"), { stack: `Error\n    at ${place}` })
  expect(kindOf(at('read (/app/a.js)'))).not.toBe(kindOf(at('write (/app/b.js)')))
})
