import { type Environment, required } from '../environment'
import { PrivateBucket } from './bucket'
import { PrivateFolder } from './folder'
import type { PrivateStore } from './store'

/** The private files of this shop: a bucket when there is object storage, else a folder. */
export function privateStore(environment: Environment): PrivateStore {
  if (!environment.S3_BUCKET) return new PrivateFolder(required(environment, 'PRIVATE_FILES_DIR'))
  return new PrivateBucket({
    endpoint: required(environment, 'S3_ENDPOINT'),
    region: required(environment, 'S3_REGION'),
    bucket: required(environment, 'S3_PRIVATE_BUCKET'),
    accessKeyId: required(environment, 'S3_ACCESS_KEY_ID'),
    secretAccessKey: required(environment, 'S3_SECRET_ACCESS_KEY'),
  })
}
