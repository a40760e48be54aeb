import type { MedusaContainer } from '@medusajs/framework/types'
import { beforeEach, expect, it, vi } from 'vitest'

const queued = vi.hoisted(() => vi.fn(async (_: unknown, mail: { kind: string }) => mail.kind))
vi.mock('./queue-mail', () => ({ queueMail: queued }))
vi.mock('./order-facts', () => ({
  findOrder: async () => ({ id: 'order_1', email: 'ada@example.org', locale: 'en', facts: {} }),
}))
vi.mock('../../environment', async (original) => ({
  ...(await original<typeof import('../../environment')>()),
  environment: () => ({
    production: true,
    SMTP_URL: 'smtps://user:secret@smtp.example.org:465',
    MAIL_FROM: 'shop@example.org',
    OWNER_EMAIL: 'owner@example.org',
    MEDUSA_BACKEND_URL: 'https://admin.example.org',
  }),
}))
const { mailOrder } = await import('./mail-order')
const { mailPaidOrder } = await import('./mail-paid-order')

/** The database as the mails read it: one order with one payment. */
interface Known {
  cart?: string
  due?: number
  ageDays?: number
  collectionOf?: 'order' | 'nobody'
}

function shopOf({ cart, due = 0, ageDays = 0, collectionOf = 'order' }: Known): MedusaContainer {
  const rows: Record<string, object[]> = {
    order: [
      {
        currency_code: 'eur',
        summary: { pending_difference: due },
        created_at: new Date(Date.now() - ageDays * 86_400_000),
      },
    ],
    order_cart: cart ? [{ cart_id: cart }] : [],
    payment: [{ payment_collection_id: 'pay_col_1' }],
    order_payment_collection: collectionOf === 'order' ? [{ order_id: 'order_1' }] : [],
  }
  const graph = async ({ entity }: { entity: string }) => ({ data: rows[entity] ?? [] })
  return { resolve: () => ({ graph }) } as unknown as MedusaContainer
}

const kinds = () => queued.mock.calls.map(([, { kind }]) => kind)

// Not as an expression: vitest would call what it gives, the mock, after each test.
beforeEach(() => {
  queued.mockClear()
})

it.each([
  ['a draft with money to pay is told to the owner alone', { due: 20 }, ['owner-order']],
  ['a paid draft is confirmed', { due: 0 }, ['order-placed', 'owner-order']],
  ['a rest below a cent is nothing to wait for', { due: 4e-16 }, ['order-placed', 'owner-order']],
  ['a draft that was paid too much is confirmed', { due: -5 }, ['order-placed', 'owner-order']],
  ['a cart’s order is confirmed', { cart: 'cart_1', due: 20 }, ['order-placed', 'owner-order']],
] as const)('%s', async (_, known, expected) => {
  await mailOrder(shopOf(known), 'order_1')
  expect(kinds()).toEqual(expected)
})

it.each([
  ['the last payment of a draft confirms it', {}, ['order-placed', 'owner-order']],
  ['a part of it does not', { due: 5 }, ['owner-order']],
  ['a cart’s order is not told again', { cart: 'cart_1' }, []],
  ['a payment of no order tells nobody', { collectionOf: 'nobody' }, []],
  ['an order older than the outbox’s memory is left alone', { ageDays: 100 }, []],
] as const)('%s', async (_, known, expected) => {
  await mailPaidOrder(shopOf(known), 'pay_1')
  expect(kinds()).toEqual(expected)
})
