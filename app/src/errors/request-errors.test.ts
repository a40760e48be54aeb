import type { MedusaRequest, MedusaResponse } from '@medusajs/framework/http'
import { expect, it, vi } from 'vitest'
import { tellingErrorHandler } from './request-errors'

it('a path that cannot be decoded is the fault of who sent it', async () => {
  const answered = { status: vi.fn(() => answered), json: vi.fn() }
  const failed = new URIError("Failed to decode param '%'")
  await tellingErrorHandler()(
    failed,
    {} as MedusaRequest,
    answered as unknown as MedusaResponse,
    () => undefined,
  )
  expect(answered.status).toHaveBeenCalledWith(400)
})
