import type { MedusaContainer } from '@medusajs/framework/types'
import { expect, it, vi } from 'vitest'
import forgetOldMail from '../../jobs/forget-old-mail'

const DAY = 86_400_000

/** A container with an outbox that lists these rows. */
function outboxOf(rows: { id: string }[]) {
  const listMailMessages = vi.fn(async (_filters: object, _options: object) => rows)
  const deleteMailMessages = vi.fn(async (_ids: string[]) => undefined)
  const container = { resolve: () => ({ listMailMessages, deleteMailMessages }) }
  return {
    container: container as unknown as MedusaContainer,
    listMailMessages,
    deleteMailMessages,
  }
}

it('mail that is older than 90 days leaves the outbox', async () => {
  const { container, listMailMessages, deleteMailMessages } = outboxOf([{ id: 'a' }, { id: 'b' }])
  await forgetOldMail(container)
  const [filters] = listMailMessages.mock.calls[0] ?? []
  const { created_at } = filters as { created_at: { $lt: Date } }
  expect(Math.round((Date.now() - created_at.$lt.getTime()) / DAY)).toBe(90)
  expect(deleteMailMessages).toHaveBeenCalledWith(['a', 'b'])
})

it('nothing is deleted when there is none', async () => {
  const { container, deleteMailMessages } = outboxOf([])
  await forgetOldMail(container)
  expect(deleteMailMessages).not.toHaveBeenCalled()
})
