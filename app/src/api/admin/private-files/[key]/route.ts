import { pipeline } from 'node:stream/promises'
import type { AuthenticatedMedusaRequest, MedusaResponse } from '@medusajs/framework/http'
import { MedusaError } from '@medusajs/framework/utils'
import { environment } from '../../../../environment'
import { downloadName, isPrivateKey } from '../../../../private-files/key'
import { privateStore } from '../../../../private-files/open'

/** Hands a private file, such as an export, to a signed-in admin; it is saved, never shown. */
export async function GET(req: AuthenticatedMedusaRequest, res: MedusaResponse): Promise<void> {
  const key = String(req.params.key)
  const file = isPrivateKey(key) ? await privateStore(environment()).open(key) : undefined
  if (!file) {
    throw new MedusaError(
      MedusaError.Types.NOT_FOUND,
      'There is no such file any more: exports are deleted after a day. Please export again.',
    )
  }
  res.set({
    'content-type': 'application/octet-stream',
    'content-disposition': `attachment; filename="${downloadName(key)}"`,
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, no-store',
    ...(file.bytes === undefined ? {} : { 'content-length': String(file.bytes) }),
  })
  await pipeline(file.stream, res)
}
