import { randomBytes } from 'node:crypto'
import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { LocalFileService } from '@medusajs/file-local'
import { S3FileService } from '@medusajs/file-s3/dist/services/s3-file'
import type { FileTypes, Logger } from '@medusajs/framework/types'
import { AbstractFileProviderService, MedusaError } from '@medusajs/framework/utils'
import { type BucketOptions, PrivateBucket, S3_CLIENT } from '../../private-files/bucket'
import { PrivateFolder } from '../../private-files/folder'
import { isPrivateKey, privateKey, safeName } from '../../private-files/key'
import type { PrivateStore } from '../../private-files/store'
import { examine } from '../../uploads/examine'
import { contentBytes } from './content'

/** Options of the provider in medusa-config. */
export interface FilesOptions {
  /** Where an admin downloads a private file: an address without a slash at its end. */
  downloadUrl: string
  storage:
    | { kind: 'folders'; publicFolder: string; publicUrl: string; privateFolder: string }
    | ({ kind: 'buckets'; publicUrl: string; privateBucket: string } & BucketOptions)
}

function publicStore(logger: Logger, { storage }: FilesOptions): AbstractFileProviderService {
  if (storage.kind === 'folders') {
    return new LocalFileService(undefined, {
      upload_dir: storage.publicFolder,
      private_upload_dir: storage.publicFolder,
      backend_url: storage.publicUrl,
    })
  }
  return new S3FileService(
    { logger },
    {
      file_url: storage.publicUrl,
      access_key_id: storage.accessKeyId,
      secret_access_key: storage.secretAccessKey,
      region: storage.region,
      bucket: storage.bucket,
      endpoint: storage.endpoint,
      // The bucket as a whole is public; not every storage knows access lists of single objects.
      acl: false,
      additional_client_config: S3_CLIENT,
    },
  )
}

/**
 * The ending decides how a picture is served, so it follows the content. Random bits keep two pictures
 * of one name and one moment apart, and the name is never that of a private file.
 */
function pictureName(filename: string, extension: string): string {
  const name = safeName(filename)
    .replace(/\.[^.]*$/, '')
    .replace(/^(private-)+/, '')
  return `${name || 'picture'}-${randomBytes(4).toString('hex')}.${extension}`
}

/**
 * Pictures go where everybody may read them. All else is private: in a folder or bucket of its own,
 * and its address is a route of the admin. Medusa's own providers keep both in one place.
 */
export class ShopFiles extends AbstractFileProviderService {
  static override identifier = 'shop-files'

  private readonly pictures: AbstractFileProviderService
  private readonly kept: PrivateStore
  private readonly downloadUrl: string

  constructor({ logger }: { logger: Logger }, options: FilesOptions) {
    super()
    const { storage } = options
    this.pictures = publicStore(logger, options)
    this.kept =
      storage.kind === 'folders'
        ? new PrivateFolder(storage.privateFolder)
        : new PrivateBucket({ ...storage, bucket: storage.privateBucket })
    this.downloadUrl = options.downloadUrl
  }

  /**
   * Stores a file: public only if that is asked for and it is a picture.
   * @throws MedusaError with a sentence for what the shop does not take; see ../../uploads
   */
  override async upload(
    file: FileTypes.ProviderUploadFileDTO,
  ): Promise<FileTypes.ProviderFileResultDTO> {
    const bytes = contentBytes(file.content, file.mimeType)
    if (file.access === 'public') {
      const examined = await examine(bytes, file.filename)
      if (examined.kind === 'picture') {
        const { mimeType, extension } = examined.picture
        return this.pictures.upload({
          ...file,
          filename: pictureName(file.filename, extension),
          mimeType,
          content: bytes.toString('base64'),
        })
      }
    }
    const key = privateKey(file.filename)
    const { stream, done } = this.kept.write(key, file.mimeType)
    stream.end(bytes)
    await done
    return { key, url: this.urlOf(key) }
  }

  /** A stream for a new private file, such as an export. */
  override async getUploadStream(file: FileTypes.ProviderUploadStreamDTO) {
    if (file.access === 'public') {
      throw new MedusaError(
        MedusaError.Types.NOT_ALLOWED,
        'A public file is looked at before it is stored, so it cannot be a stream.',
      )
    }
    const key = privateKey(file.filename)
    const { stream, done } = this.kept.write(key, file.mimeType)
    const url = this.urlOf(key)
    return { writeStream: stream, promise: done.then(() => ({ key, url })), url, fileKey: key }
  }

  override async delete(
    files: FileTypes.ProviderDeleteFileDTO | FileTypes.ProviderDeleteFileDTO[],
  ): Promise<void> {
    for (const file of [files].flat()) {
      if (isPrivateKey(file.fileKey)) await this.kept.remove(file.fileKey)
      else await this.pictures.delete(file)
    }
  }

  override async getPresignedDownloadUrl(file: FileTypes.ProviderGetFileDTO): Promise<string> {
    if (isPrivateKey(file.fileKey)) return this.urlOf(file.fileKey)
    return this.pictures.getPresignedDownloadUrl(file)
  }

  /** Our own upload route: a browser that wrote into a bucket would pass by what examines files. */
  async getPresignedUploadUrl(
    file: FileTypes.ProviderGetPresignedUploadUrlDTO,
  ): Promise<FileTypes.ProviderFileResultDTO> {
    return { url: '/admin/uploads', key: file.filename }
  }

  override async getDownloadStream(file: FileTypes.ProviderGetFileDTO): Promise<Readable> {
    if (!isPrivateKey(file.fileKey)) return this.pictures.getDownloadStream(file)
    const found = await this.kept.open(file.fileKey)
    if (!found)
      throw new MedusaError(MedusaError.Types.NOT_FOUND, 'There is no such file any more.')
    return found.stream
  }

  override async getAsBuffer(file: FileTypes.ProviderGetFileDTO): Promise<Buffer> {
    return buffer(await this.getDownloadStream(file))
  }

  private urlOf(key: string): string {
    return `${this.downloadUrl}/${key}`
  }
}
