import { expect, it } from 'vitest'
import { keepUnderWay, settled } from './under-way'

it('lets a stop wait until each settlement has ended, well or not', async () => {
  const ended: string[] = []
  let end: (value: string) => void = () => undefined
  const slow = keepUnderWay(new Promise<string>((resolve) => (end = resolve)))
  const failing = keepUnderWay(Promise.reject(new Error('BTCPay is away')))
  failing.catch(() => ended.push('failing'))
  slow.then((value) => ended.push(value))
  const stop = settled().then(() => ended.push('stop'))
  await new Promise(setImmediate)
  expect(ended).toEqual(['failing'])
  end('slow')
  await stop
  expect(ended).toEqual(['failing', 'slow', 'stop'])
})

it('lets no stop wait longer than it may', async () => {
  keepUnderWay(new Promise(() => undefined))
  await expect(settled(20)).resolves.toBeUndefined()
})
