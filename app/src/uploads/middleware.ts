import type { MedusaNextFunction, MedusaRequest, MedusaResponse } from '@medusajs/framework/http'
import { examine, tryToDraw } from './examine'

/** A file as multer leaves it in the request. */
interface UploadedFile {
  originalname: string
  buffer: Buffer
}

/** Looks at every file of an upload before the first is stored; refuses with 400 and a sentence. */
export async function examineUploads(
  req: MedusaRequest,
  _res: MedusaResponse,
  next: MedusaNextFunction,
): Promise<void> {
  const { files = [] } = req as MedusaRequest & { files?: UploadedFile[] }
  for (const { originalname, buffer } of files) {
    const { kind } = await examine(buffer, originalname)
    if (kind === 'picture') await tryToDraw(buffer, originalname)
  }
  next()
}
