import { createHash, randomBytes } from 'node:crypto'
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'

/** One version of a file, or the mark that hides the versions below it. */
export interface Version {
  fileId: string
  fileName: string
  action: 'upload' | 'hide'
  /** What the account is told of its length; a broken remote may hold less. */
  contentLength: number
  contentSha1: string | null
  contentType: string | null
  fileInfo: Record<string, string>
  uploadTimestamp: number
  bytes: Buffer
}

/** An application key, with the capabilities that b2_create_key takes. */
export interface Key {
  id: string
  secret: string
  capabilities: string[]
}

/** What the server does wrong, until it is told otherwise. */
export interface Faults {
  /** Every call is answered with 503. */
  unavailable: boolean
  /** Every upload is answered with 403, as when the account's daily cap is reached. */
  capExceeded: boolean
  /** Half of each upload is thrown away, and the answer says that all of it is there. */
  truncates: boolean
  /** One byte of each upload is changed, and the answer says that none is. */
  changesBytes: boolean
  /** The connection ends in the middle of each upload. */
  cutsUploads: boolean
  /** The connection ends in the middle of each download. */
  cutsDownloads: boolean
}

const NO_FAULTS: Faults = {
  unavailable: false,
  capExceeded: false,
  truncates: false,
  changesBytes: false,
  cutsUploads: false,
  cutsDownloads: false,
}

/** The capabilities that the host's key has: docs/backups.md. */
export const HOST_CAPABILITIES = ['listBuckets', 'listFiles', 'readFiles', 'writeFiles']

/** Capability that each call asks of a key, as its documentation says. */
const NEEDS: Record<string, string> = {
  b2_list_buckets: 'listBuckets',
  b2_list_file_names: 'listFiles',
  b2_list_file_versions: 'listFiles',
  b2_get_upload_url: 'writeFiles',
  b2_start_large_file: 'writeFiles',
  b2_get_upload_part_url: 'writeFiles',
  b2_finish_large_file: 'writeFiles',
  b2_cancel_large_file: 'writeFiles',
  b2_hide_file: 'writeFiles',
  b2_get_file_info: 'readFiles',
  b2_download_file_by_id: 'readFiles',
  b2_download_file_by_name: 'readFiles',
  b2_delete_file_version: 'deleteFiles',
}

const DAY = 86_400_000

/** An error as B2 writes it: status, a code for programs, a sentence. */
class Refusal extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

interface LargeFile {
  fileName: string
  contentType: string
  fileInfo: Record<string, string>
  parts: Map<number, Buffer>
}

type Call = (given: Record<string, unknown>) => unknown

/**
 * Backblaze B2's native API (backblaze.com/apidocs) as far as rclone speaks it, with one bucket. Its clock
 * is `now`, so that thirty nights pass in a minute.
 */
export class B2Server {
  readonly bucket = { id: 'b2000000000000000000000a', name: 'rr-backups' }
  readonly host: Key = { id: 'host', secret: 'host-secret', capabilities: HOST_CAPABILITIES }
  readonly owner: Key = {
    id: 'owner',
    secret: 'owner-secret',
    capabilities: [...new Set(Object.values(NEEDS))],
  }
  /** Days after which a hidden version is really deleted: daysFromHidingToDeleting of the bucket's rule. */
  lifecycleDays = 30
  /** Milliseconds since 1970, by the server's own clock. */
  now = Date.now()
  faults: Faults = { ...NO_FAULTS }
  /** Called after each stored upload with the file's name. */
  onUpload: (name: string) => void = () => undefined
  /** Names of the calls, in the order in which they came. */
  readonly calls: string[] = []
  /** Of each name, the newest version first. */
  private readonly files = new Map<string, Version[]>()
  private readonly large = new Map<string, LargeFile>()
  private readonly tokens = new Map<string, Key>()
  private readonly server: Server
  private readonly port: number
  private serial = 0

  constructor(port: number) {
    this.port = port
    this.server = createServer((request, response) => {
      this.answer(request, response).catch((problem: unknown) => this.refuse(response, problem))
    })
  }

  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject)
      this.server.listen(this.port, '127.0.0.1', resolve)
    })
  }

  stop(): Promise<void> {
    this.server.closeAllConnections()
    return new Promise((resolve) => this.server.close(() => resolve()))
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  wellAgain(): void {
    this.faults = { ...NO_FAULTS }
  }

  empty(): void {
    this.files.clear()
    this.calls.length = 0
  }

  /** All that is stored, to be given back to `recall`. */
  remember(): Map<string, Version[]> {
    return new Map(this.files)
  }

  recall(files: Map<string, Version[]>): void {
    this.empty()
    for (const [name, versions] of files) this.files.set(name, versions)
  }

  /** Names that a listing shows. */
  names(): string[] {
    return this.visible().map(({ fileName }) => fileName)
  }

  /** All versions of all files, hide marks among them. */
  versions(): Version[] {
    return [...this.files.keys()].sort().flatMap((name) => this.files.get(name) ?? [])
  }

  /** What the bucket's lifecycle rule does once a day; gives the names of which a version went. */
  lifecycle(): string[] {
    const gone: string[] = []
    for (const [name, versions] of this.files) {
      const kept = versions.filter((version, index) => {
        const above = versions[index - 1]
        // A hide mark on top goes with the last of what it hides.
        const hiddenAt = above?.uploadTimestamp ?? Number.POSITIVE_INFINITY
        return version.action === 'hide' || this.now - hiddenAt < this.lifecycleDays * DAY
      })
      if (kept.length < versions.length) gone.push(name)
      if (kept.every(({ action }) => action === 'hide')) this.files.delete(name)
      else this.files.set(name, kept)
    }
    return gone
  }

  private visible(): Version[] {
    return [...this.files.keys()].sort().flatMap((name) => {
      const [newest] = this.files.get(name) ?? []
      return newest?.action === 'upload' ? [newest] : []
    })
  }

  private identifier(): string {
    this.serial += 1
    return `4_z${this.bucket.id}_f${String(this.serial).padStart(16, '0')}`
  }

  private add(version: Omit<Version, 'fileId' | 'uploadTimestamp'>): Version {
    const versions = this.files.get(version.fileName) ?? []
    // B2 gives no two versions of a name one time.
    const uploadTimestamp = Math.max(this.now, (versions[0]?.uploadTimestamp ?? 0) + 1)
    const added = { ...version, fileId: this.identifier(), uploadTimestamp }
    this.files.set(version.fileName, [added, ...versions])
    return added
  }

  private refuse(response: ServerResponse, problem: unknown): void {
    const { status, code, message } =
      problem instanceof Refusal
        ? problem
        : { status: 500, code: 'internal_error', message: String(problem) }
    if (response.headersSent) response.destroy()
    else {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ status, code, message }))
    }
  }

  private key(request: IncomingMessage, call: string): Key {
    const key = this.tokens.get(request.headers.authorization ?? '')
    if (!key) throw new Refusal(401, 'bad_auth_token', 'Invalid authorization token')
    const needed = NEEDS[call]
    if (!needed) throw new Refusal(400, 'bad_request', `unknown call ${call}`)
    if (!key.capabilities.includes(needed)) throw new Refusal(401, 'unauthorized', 'not entitled')
    return key
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', this.url)
    const [, call = ''] = /^\/b2api\/v[1-4]\/(\w+)/.exec(pathname) ?? []
    const name = pathname.startsWith('/file/') ? 'b2_download_file_by_name' : call
    this.calls.push(name)
    if (this.faults.unavailable) throw new Refusal(503, 'service_unavailable', 'no tomes available')
    if (name === 'b2_authorize_account') return this.authorize(request, response, pathname)
    if (name === 'b2_upload_file') return this.upload(request, response)
    if (name === 'b2_upload_part')
      return this.uploadPart(request, response, searchParams.get('file') ?? '')
    this.key(request, name)
    if (name === 'b2_download_file_by_name')
      return this.download(request, response, this.byName(decodeURIComponent(pathname)))
    if (name === 'b2_download_file_by_id')
      return this.download(request, response, this.byId(searchParams.get('fileId') ?? ''))
    const given = JSON.parse((await body(request)).toString('utf8') || '{}')
    const answer = this.json[name]
    if (!answer) throw new Refusal(400, 'bad_request', `unknown call ${name}`)
    this.send(response, answer(given as Record<string, unknown>))
  }

  private send(response: ServerResponse, answer: unknown): void {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
  }

  private authorize(request: IncomingMessage, response: ServerResponse, path: string): void {
    const given = Buffer.from(
      (request.headers.authorization ?? '').replace(/^Basic /, ''),
      'base64',
    )
    const key = [this.host, this.owner].find(
      ({ id, secret }) => `${id}:${secret}` === String(given),
    )
    if (!key) throw new Refusal(401, 'bad_auth_token', 'Invalid accountId or applicationKeyId')
    const authorizationToken = randomBytes(12).toString('hex')
    this.tokens.set(authorizationToken, key)
    const urls = {
      apiUrl: this.url,
      downloadUrl: this.url,
      recommendedPartSize: 100_000_000,
      absoluteMinimumPartSize: 5_000_000,
      minimumPartSize: 100_000_000,
    }
    const { capabilities } = key
    const { id: bucketId, name: bucketName } = this.bucket
    const one = { capabilities, bucketId, bucketName, namePrefix: null }
    const many = { capabilities, buckets: [this.bucket], namePrefix: null }
    const common = { accountId: 'account', authorizationToken }
    // Version 4 names the buckets of a key in a list, version 3 groups by API, older ones are flat.
    if (path.includes('/v4/'))
      this.send(response, { ...common, apiInfo: { storageApi: { ...urls, allowed: many } } })
    else if (path.includes('/v3/'))
      this.send(response, { ...common, apiInfo: { storageApi: { ...urls, ...one } } })
    else this.send(response, { ...common, ...urls, allowed: one })
  }

  private readonly json: Record<string, Call> = {
    b2_list_buckets: () => ({
      buckets: [
        {
          accountId: 'account',
          bucketId: this.bucket.id,
          bucketName: this.bucket.name,
          bucketType: 'allPrivate',
          lifecycleRules: [
            {
              fileNamePrefix: '',
              daysFromUploadingToHiding: null,
              daysFromHidingToDeleting: this.lifecycleDays,
            },
          ],
        },
      ],
    }),
    b2_list_file_names: (given) => this.list(this.visible(), given),
    b2_list_file_versions: (given) => this.list(this.versions(), given),
    b2_get_upload_url: () => ({
      bucketId: this.bucket.id,
      uploadUrl: `${this.url}/b2api/v1/b2_upload_file`,
      authorizationToken: this.uploadToken(),
    }),
    b2_hide_file: (given) => {
      const fileName = String(given.fileName)
      const [newest] = this.files.get(fileName) ?? []
      if (!newest) throw new Refusal(400, 'no_such_file', `File not present: ${fileName}`)
      if (newest.action === 'hide')
        throw new Refusal(400, 'already_hidden', `File already hidden: ${fileName}`)
      return this.told(
        this.add({
          fileName,
          action: 'hide',
          contentLength: 0,
          contentSha1: null,
          contentType: null,
          fileInfo: {},
          bytes: Buffer.alloc(0),
        }),
      )
    },
    b2_delete_file_version: (given) => {
      const fileName = String(given.fileName)
      const versions = this.files.get(fileName) ?? []
      if (!versions.some(({ fileId }) => fileId === given.fileId))
        throw new Refusal(400, 'file_not_present', `File not present: ${fileName}`)
      const left = versions.filter(({ fileId }) => fileId !== given.fileId)
      if (left.length > 0) this.files.set(fileName, left)
      else this.files.delete(fileName)
      return { fileId: given.fileId, fileName }
    },
    b2_get_file_info: (given) => this.told(this.byId(String(given.fileId))),
    b2_start_large_file: (given) => {
      const fileId = this.identifier()
      this.large.set(fileId, {
        fileName: String(given.fileName),
        contentType: String(given.contentType),
        fileInfo: (given.fileInfo ?? {}) as Record<string, string>,
        parts: new Map(),
      })
      return { fileId, fileName: given.fileName, bucketId: this.bucket.id, action: 'start' }
    },
    b2_get_upload_part_url: (given) => ({
      fileId: given.fileId,
      uploadUrl: `${this.url}/b2api/v1/b2_upload_part?file=${given.fileId}`,
      authorizationToken: this.uploadToken(),
    }),
    b2_finish_large_file: (given) => this.told(this.finish(given)),
    b2_cancel_large_file: (given) => {
      this.large.delete(String(given.fileId))
      return { fileId: given.fileId, bucketId: this.bucket.id }
    },
  }

  private uploadToken(): string {
    const token = randomBytes(12).toString('hex')
    this.tokens.set(token, this.host)
    return token
  }

  private told(version: Version): Record<string, unknown> {
    const { bytes: _, ...rest } = version
    return { ...rest, size: version.contentLength, accountId: 'account', bucketId: this.bucket.id }
  }

  /** One page: names from startFileName on, below a prefix, folders folded together at a delimiter. */
  private list(versions: Version[], given: Record<string, unknown>): unknown {
    const prefix = String(given.prefix ?? '')
    const delimiter = given.delimiter ? String(given.delimiter) : ''
    const start = String(given.startFileName ?? '')
    const most = Number(given.maxFileCount ?? 100)
    const rows: Record<string, unknown>[] = []
    let last = ''
    const started = given.startFileId
      ? versions.slice(versions.findIndex(({ fileId }) => fileId === given.startFileId))
      : versions.filter(({ fileName }) => fileName >= start)
    for (const version of started) {
      if (!version.fileName.startsWith(prefix)) continue
      const end = delimiter ? version.fileName.indexOf(delimiter, prefix.length) : -1
      const folder = end < 0 ? '' : version.fileName.slice(0, end + 1)
      if (folder && folder === last) continue
      if (rows.length === most)
        return { files: rows, nextFileName: version.fileName, nextFileId: version.fileId }
      last = folder
      rows.push(
        folder
          ? { fileName: folder, action: 'folder', fileId: null, size: 0, uploadTimestamp: 0 }
          : this.told(version),
      )
    }
    return { files: rows, nextFileName: null, nextFileId: null }
  }

  private byName(path: string): Version {
    const name = path.slice(`/file/${this.bucket.name}/`.length)
    const [newest] = this.files.get(name) ?? []
    if (newest?.action !== 'upload')
      throw new Refusal(404, 'not_found', `File with such name does not exist: ${name}`)
    return newest
  }

  private byId(id: string): Version {
    const found = this.versions().find(({ fileId }) => fileId === id)
    if (!found) throw new Refusal(404, 'not_found', `File not present: ${id}`)
    return found
  }

  private download(request: IncomingMessage, response: ServerResponse, file: Version): void {
    const whole = file.bytes
    const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '')
    const from = Number(range?.[1] ?? 0)
    const to = range?.[2] ? Math.min(Number(range[2]), whole.length - 1) : whole.length - 1
    const sent = whole.subarray(from, to + 1)
    response.writeHead(range ? 206 : 200, {
      'content-length': sent.length,
      'content-type': file.contentType ?? 'application/octet-stream',
      'x-bz-file-id': file.fileId,
      'x-bz-file-name': encodeURIComponent(file.fileName),
      'x-bz-content-sha1': file.contentSha1 ?? 'none',
      'x-bz-upload-timestamp': file.uploadTimestamp,
      ...(range ? { 'content-range': `bytes ${from}-${to}/${whole.length}` } : {}),
      ...Object.fromEntries(
        Object.entries(file.fileInfo).map(([name, value]) => [`x-bz-info-${name}`, value]),
      ),
    })
    if (request.method === 'HEAD') response.end()
    else if (this.faults.cutsDownloads)
      response.write(sent.subarray(0, sent.length / 2), () => response.destroy())
    else response.end(sent)
  }

  private async upload(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const bytes = await this.taken(request)
    const fileName = decodeURIComponent(String(request.headers['x-bz-file-name']))
    const contentSha1 = sha1(bytes)
    const version = this.add({
      fileName,
      action: 'upload',
      contentLength: bytes.length,
      contentSha1,
      contentType: String(request.headers['content-type']),
      fileInfo: info(request.headers),
      bytes: this.stored(bytes),
    })
    this.send(response, this.told(version))
    this.onUpload(fileName)
  }

  private async uploadPart(
    request: IncomingMessage,
    response: ServerResponse,
    fileId: string,
  ): Promise<void> {
    const bytes = await this.taken(request)
    const partNumber = Number(request.headers['x-bz-part-number'])
    const file = this.large.get(fileId)
    if (!file) throw new Refusal(400, 'bad_request', `No active upload for: ${fileId}`)
    file.parts.set(partNumber, bytes)
    this.send(response, {
      fileId,
      partNumber,
      contentLength: bytes.length,
      contentSha1: sha1(bytes),
    })
  }

  private finish(given: Record<string, unknown>): Version {
    const file = this.large.get(String(given.fileId))
    if (!file) throw new Refusal(400, 'bad_request', `No active upload for: ${given.fileId}`)
    const parts = [...file.parts].sort(([a], [b]) => a - b).map(([, part]) => part)
    const sums = given.partSha1Array as string[]
    if (sums.length !== parts.length || parts.some((part, index) => sha1(part) !== sums[index]))
      throw new Refusal(400, 'bad_request', 'the parts are not the ones that were sent')
    this.large.delete(String(given.fileId))
    const bytes = Buffer.concat(parts)
    // Of a large file B2 knows no checksum.
    const { fileName, contentType, fileInfo } = file
    const added = this.add({
      fileName,
      action: 'upload',
      contentLength: bytes.length,
      contentSha1: 'none',
      contentType,
      fileInfo,
      bytes: this.stored(bytes),
    })
    this.onUpload(fileName)
    return added
  }

  /** The bytes of an upload, with their checksum compared. */
  private async taken(request: IncomingMessage): Promise<Buffer> {
    const key = this.tokens.get(request.headers.authorization ?? '')
    if (!key) throw new Refusal(401, 'bad_auth_token', 'Invalid authorization token')
    if (this.faults.cutsUploads) {
      await new Promise((resolve) => request.once('data', resolve))
      request.socket.destroy()
      throw new Error('cut')
    }
    const all = await body(request)
    if (this.faults.capExceeded)
      throw new Refusal(403, 'storage_cap_exceeded', 'Cannot upload files, storage cap exceeded.')
    const given = String(request.headers['x-bz-content-sha1'])
    const atEnd = given === 'hex_digits_at_end'
    const bytes = atEnd ? all.subarray(0, -40) : all
    const wanted = atEnd ? all.subarray(-40).toString() : given
    if (sha1(bytes) !== wanted)
      throw new Refusal(400, 'bad_request', 'Sha1 did not match data received')
    return bytes
  }

  /** What a broken remote makes of it. */
  private stored(bytes: Buffer): Buffer {
    if (this.faults.truncates) return bytes.subarray(0, bytes.length / 2)
    if (!this.faults.changesBytes) return bytes
    const changed = Buffer.from(bytes)
    const middle = Math.floor(changed.length / 2)
    changed.writeUInt8(changed.readUInt8(middle) ^ 1, middle)
    return changed
  }
}

function sha1(bytes: Buffer): string {
  return createHash('sha1').update(bytes).digest('hex')
}

function info(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => name.startsWith('x-bz-info-'))
      .map(([name, value]) => [name.slice('x-bz-info-'.length), String(value)]),
  )
}

async function body(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
