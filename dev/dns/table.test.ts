import { expect, it } from 'vitest'
import { table } from './table.ts'

it('sets cells of several lines in columns, without spaces at the end of a line', () => {
  const rows = [
    [['example.org'], ['104.16.0.1', '104.17.0.1'], ['ok']],
    [['www'], [], ['resolvers disagree', 'r2: wrong']],
  ]
  expect(table(['name', 'found', 'verdict'], rows).split('\n')).toEqual([
    'name         found       verdict',
    '-----------  ----------  ------------------',
    'example.org  104.16.0.1  ok',
    '             104.17.0.1',
    'www                      resolvers disagree',
    '                         r2: wrong',
  ])
})
