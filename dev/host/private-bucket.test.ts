import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { CreateBucketCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { type FauxqsServer, startFauxqs } from 'fauxqs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROOT } from './nix.ts'

const KEY = { accessKeyId: 'a-key-of-a-test', secretAccessKey: 'a-secret-of-a-test' }
const PIXEL = 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7'

/** The backend's provider and store; each app is compiled by its own rules, so their types stay there. */
interface Files {
  upload(file: object): Promise<{ key: string; url: string }>
  getUploadStream(file: object): Promise<{
    writeStream: Writable
    promise: Promise<{ key: string; url: string }>
    fileKey: string
  }>
  getPresignedDownloadUrl(file: { fileKey: string }): Promise<string>
  getPresignedUploadUrl(file: { filename: string }): Promise<{ url: string }>
  getAsBuffer(file: { fileKey: string }): Promise<Buffer>
  delete(file: { fileKey: string }): Promise<void>
}
interface Store {
  open(key: string): Promise<{ stream: Readable; bytes: number } | undefined>
  remove(key: string): Promise<void>
  storedBefore(time: Date): AsyncIterable<string>
}

let server: FauxqsServer
let client: S3Client
let files: Files
let store: Store

/** Keys of a bucket, as its owner sees them. */
async function inBucket(bucket: string): Promise<string[]> {
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket }))
  return Contents.map(({ Key = '' }) => Key).sort()
}

beforeAll(async () => {
  // Somebody else's S3 server: a stand-in of ours would only agree with us.
  server = await startFauxqs({ port: 0, logger: false })
  const endpoint = `http://127.0.0.1:${server.port}`
  client = new S3Client({ endpoint, region: 'eu', credentials: KEY, forcePathStyle: true })
  for (const Bucket of ['public', 'private']) await client.send(new CreateBucketCommand({ Bucket }))
  const { ShopFiles } = await import(join(ROOT, 'app/src/modules/files/service.ts'))
  const { PrivateBucket } = await import(join(ROOT, 'app/src/private-files/bucket.ts'))
  const storage = { endpoint, region: 'eu', ...KEY }
  store = new PrivateBucket({ ...storage, bucket: 'private' })
  files = new ShopFiles(
    { logger: console },
    {
      downloadUrl: 'https://api.example/admin/private-files',
      storage: {
        ...storage,
        kind: 'buckets',
        publicUrl: 'https://files.example',
        bucket: 'public',
        privateBucket: 'private',
      },
    },
  )
})
afterAll(() => server?.stop())

describe('a private file in object storage', () => {
  it('is in the private bucket, and in no other', async () => {
    const { writeStream, promise, fileKey } = await files.getUploadStream({
      filename: '1764000000000-order-exports.csv',
      mimeType: 'text/csv',
    })
    writeStream.write('Order_ID\n')
    writeStream.end('order_01\n')
    expect(await promise).toEqual({
      key: fileKey,
      url: `https://api.example/admin/private-files/${fileKey}`,
    })
    expect(await inBucket('private')).toEqual([fileKey])
    expect(await inBucket('public')).toEqual([])
    expect(await files.getPresignedDownloadUrl({ fileKey })).not.toContain('127.0.0.1')
    const found = await store.open(fileKey)
    expect(found?.bytes).toBe(18)
    expect(found && (await text(found.stream))).toBe('Order_ID\norder_01\n')
    expect(String(await files.getAsBuffer({ fileKey }))).toContain('order_01')
  })

  it('is what a table becomes that was uploaded as public, and what has no access named', async () => {
    const table = Buffer.from('Product Handle\na\n').toString('base64')
    const uploads = [
      await files.upload({
        filename: 'a.csv',
        mimeType: 'text/csv',
        content: table,
        access: 'public',
      }),
      await files.upload({
        filename: 'b.json',
        mimeType: 'application/json',
        content: '{"a":"ü"}',
      }),
    ]
    for (const { key, url } of uploads) {
      expect(url).toBe(`https://api.example/admin/private-files/${key}`)
      expect(await inBucket('private')).toContain(key)
    }
    expect(String(await files.getAsBuffer({ fileKey: uploads[1]?.key ?? '' }))).toBe('{"a":"ü"}')
    expect(await inBucket('public')).toEqual([])
  })

  it('is not there under any other key', async () => {
    expect(await store.open(`private-1764000000000-${'a'.repeat(32)}-a.csv`)).toBeUndefined()
    await expect(store.open('../public/a')).rejects.toThrow('not the key of a private file')
  })

  it('is deleted when it is old', async () => {
    // Times of objects are whole seconds.
    await delay(1_100)
    const time = new Date()
    await delay(1_100)
    const { key: young } = await files.upload({
      filename: 'young.csv',
      mimeType: 'text/csv',
      content: 'a',
    })
    const old = (await inBucket('private')).filter((key) => key !== young)
    const found: string[] = []
    for await (const key of store.storedBefore(time)) found.push(key)
    expect(found.sort()).toEqual(old)
    for (const key of found) await store.remove(key)
    await store.remove(old[0] ?? '')
    expect(await inBucket('private')).toEqual([young])
  })
})

describe('a picture in object storage', () => {
  it('is in the public bucket, with the ending of what it is', async () => {
    const { key, url } = await files.upload({
      filename: 'private-page.html',
      mimeType: 'text/html',
      content: PIXEL,
      access: 'public',
    })
    expect(key).toMatch(/^page-[0-9a-f]{8}-\w+\.gif$/)
    expect(url).toBe(`https://files.example/${key}`)
    expect(await inBucket('public')).toEqual([key])
    await files.delete({ fileKey: key })
    expect(await inBucket('public')).toEqual([])
  })

  it('does not come past the shop: a browser is sent to its own upload', async () => {
    expect(await files.getPresignedUploadUrl({ filename: 'a.svg' })).toMatchObject({
      url: '/admin/uploads',
    })
  })
})
