import { expect, it, vi } from 'vitest'
import { wayAnswer, wayToPay } from './ways-to-pay'

vi.mock('server-only', () => ({}))

const raw = {
  method: 'on-chain' as const,
  due: '0.00034700',
  rate: '100000.00',
  destination: 'bc1qexample',
  link: 'bitcoin:bc1qexample?amount=0.00034700',
}

it('an amount is written for wallets and for people, and a bitcoin in the shop’s currency', () => {
  expect(wayToPay(raw, 'eur')).toMatchObject({
    bitcoin: '0.000347',
    satoshis: '34,700',
    rate: { amount: '100000.00', currency: 'EUR' },
  })
  expect(wayToPay({ ...raw, due: '0.00000001' }, 'eur')).toMatchObject({
    bitcoin: '0.00000001',
    satoshis: '1',
  })
})

it('a code is square, begins with a finder, and is smaller for a Lightning invoice in capitals', () => {
  const link = `lightning:lnbc347u1${'q'.repeat(280)}`
  const { code } = wayToPay({ ...raw, method: 'lightning', link }, 'eur')
  expect(code.every((row) => row.length === code.length)).toBe(true)
  expect(code[0]).toMatch(/^1{7}0.*01{7}$/)
  expect(code.length).toBeLessThan(wayToPay({ ...raw, link }, 'eur').code.length)
})

it('a link that opens no wallet is not taken', () => {
  expect(wayAnswer.safeParse({ ...raw, link: 'javascript:alert(1)' }).success).toBe(false)
})
