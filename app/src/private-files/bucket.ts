import { PassThrough, type Readable } from 'node:stream'
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3'
import { Upload } from '@aws-sdk/lib-storage'
import { isPrivateKey } from './key'
import type { PrivateStore } from './store'

/** Object storage that speaks S3. */
export interface BucketOptions {
  endpoint: string
  region: string
  bucket: string
  accessKeyId: string
  secretAccessKey: string
}

/** How both buckets are spoken to: with time limits, and without headers that not every storage knows. */
export const S3_CLIENT = {
  requestHandler: { connectionTimeout: 5_000, requestTimeout: 60_000, throwOnRequestTimeout: true },
  requestChecksumCalculation: 'WHEN_REQUIRED',
  responseChecksumValidation: 'WHEN_REQUIRED',
} satisfies S3ClientConfig

/** Private files in a bucket of their own: at Backblaze B2 a bucket is public or private as a whole. */
export class PrivateBucket implements PrivateStore {
  private readonly client: S3Client
  private readonly bucket: string

  constructor({ endpoint, region, bucket, accessKeyId, secretAccessKey }: BucketOptions) {
    const credentials = { accessKeyId, secretAccessKey }
    this.client = new S3Client({ ...S3_CLIENT, endpoint, region, credentials })
    this.bucket = bucket
  }

  private object(key: string) {
    if (!isPrivateKey(key)) throw new Error('not the key of a private file')
    return { Bucket: this.bucket, Key: key }
  }

  write(key: string, mimeType: string) {
    const stream = new PassThrough()
    const upload = new Upload({
      client: this.client,
      params: {
        ...this.object(key),
        Body: stream,
        ContentType: mimeType,
        CacheControl: 'private, no-store',
      },
    })
    // A failed upload ends the stream, else its writer would wait for ever.
    const done = upload.done().then(
      () => undefined,
      (error: Error) => {
        stream.destroy(error)
        throw error
      },
    )
    return { stream, done }
  }

  async open(key: string) {
    try {
      const answer = await this.client.send(new GetObjectCommand(this.object(key)))
      return { stream: answer.Body as Readable, bytes: answer.ContentLength }
    } catch (error) {
      const { name } = error as Error
      if (name === 'NoSuchKey' || name === 'NotFound') return undefined
      throw error
    }
  }

  async remove(key: string): Promise<void> {
    await this.client.send(new DeleteObjectCommand(this.object(key)))
  }

  async *storedBefore(time: Date) {
    let ContinuationToken: string | undefined
    do {
      const page = await this.client.send(
        new ListObjectsV2Command({ Bucket: this.bucket, Prefix: 'private-', ContinuationToken }),
      )
      for (const { Key, LastModified } of page.Contents ?? []) {
        if (Key && isPrivateKey(Key) && LastModified && LastModified < time) yield Key
      }
      ContinuationToken = page.IsTruncated ? page.NextContinuationToken : undefined
    } while (ContinuationToken)
  }
}
