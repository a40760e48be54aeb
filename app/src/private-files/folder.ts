import { createWriteStream, mkdirSync } from 'node:fs'
import { open, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { isPrivateKey } from './key'
import type { PrivateStore } from './store'

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT'
}

/** Private files in a folder that only this user may enter, and that no server hands out. */
export class PrivateFolder implements PrivateStore {
  constructor(private readonly folder: string) {}

  private path(key: string): string {
    if (!isPrivateKey(key)) throw new Error('not the key of a private file')
    return join(this.folder, key)
  }

  write(key: string) {
    const path = this.path(key)
    mkdirSync(this.folder, { recursive: true, mode: 0o700 })
    const stream = new PassThrough()
    const done = pipeline(stream, createWriteStream(path, { flags: 'wx', mode: 0o600 })).catch(
      async (error: unknown) => {
        await rm(path, { force: true })
        throw error
      },
    )
    return { stream, done }
  }

  async open(key: string) {
    try {
      const file = await open(this.path(key), 'r')
      const { size } = await file.stat()
      return { stream: file.createReadStream(), bytes: size }
    } catch (error) {
      if (isMissing(error)) return undefined
      throw error
    }
  }

  async remove(key: string): Promise<void> {
    await rm(this.path(key), { force: true })
  }

  async *storedBefore(time: Date) {
    yield* oldFiles(this.folder, time, isPrivateKey)
  }
}

/** Names in a folder, chosen by `wanted`, of files that were written before this time; none without the folder. */
export async function* oldFiles(
  folder: string,
  time: Date,
  wanted: (name: string) => boolean,
): AsyncIterable<string> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (isMissing(error)) return []
    throw error
  })
  for (const name of names.filter(wanted)) {
    const file = await stat(join(folder, name)).catch(() => undefined)
    if (file?.isFile() && file.mtime < time) yield name
  }
}
