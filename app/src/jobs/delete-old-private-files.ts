import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { record } from '@rr-bizops/telemetry/logging/record'
import { environment, required } from '../environment'
import { job } from '../logging/job'
import { oldFiles } from '../private-files/folder'
import { privateStore } from '../private-files/open'

const EVERY_HOURS = 1
/** Long enough to fetch an export or to finish an import. */
const KEPT_HOURS = 24
/** One run's bound: the next run takes the rest. */
const AT_MOST = 1_000

/** What earlier versions left among the public files: exports, and tables for imports. */
const isLeftOver = (name: string) => name.startsWith('private-') || /\.csv$/i.test(name)

/** Deletes exports, imports and their parts a day after they were stored. */
async function deleteOldPrivateFiles(): Promise<void> {
  const values = environment()
  const before = new Date(Date.now() - KEPT_HOURS * 3_600_000)
  let deleted = 0
  const store = privateStore(values)
  for await (const key of store.storedBefore(before)) {
    if (deleted >= AT_MOST) break
    await store.remove(key)
    deleted += 1
  }
  if (!values.S3_BUCKET) {
    const folder = required(values, 'UPLOADS_DIR')
    for await (const name of oldFiles(folder, before, isLeftOver)) {
      await rm(join(folder, name), { force: true })
      deleted += 1
    }
  }
  if (deleted > 0) record('info', `private files: ${deleted} deleted`)
}

const name = 'delete-old-private-files'
export default job(name, deleteOldPrivateFiles)

export const config = { name, schedule: { interval: EVERY_HOURS * 3_600_000 } }
