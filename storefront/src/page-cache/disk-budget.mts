import { readdir, rm, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { LRUCache } from 'lru-cache'

/** A file takes whole pages of the container's memory, where its folder lives. */
const BLOCK_BYTES = 4_096

/** Folders of pages. In the image, answers and pictures lie beside them (see the Dockerfile). */
const PAGE_KINDS = ['APP_PAGE', 'APP_ROUTE']

/** What the parts of one page are called; the last is a folder. */
const PAGE_PARTS = ['.html', '.rsc', '.meta', '.body', '.segments']

/** Bytes that a file of this length takes. */
export function bytesOnDisk(length: number): number {
  return Math.max(1, Math.ceil(length / BLOCK_BYTES)) * BLOCK_BYTES
}

/** Where Next keeps what it caches. */
export interface Folders {
  /** Answers of the backend, one file each. */
  fetches: string
  /** Pages, each of several files; their keys begin with `/route-cache/`. */
  server: string
}

/** Bounds what lies in Next's caches: above it, what was not asked for the longest time goes first. */
export class DiskBudget {
  /** A single page or answer above this is not worth what it would push out. */
  readonly maxEntryBytes: number
  private readonly folders: Folders
  private readonly entries: LRUCache<string, number>
  private readonly removals = new Set<Promise<void>>()

  // Node strips types and no more: no parameter can be a property.
  constructor(folders: Folders, maxBytes: number) {
    this.folders = folders
    this.maxEntryBytes = maxBytes / 16
    this.entries = new LRUCache({
      maxSize: maxBytes,
      sizeCalculation: (bytes) => bytes,
      dispose: (_, key, reason) => {
        if (reason !== 'set') this.remove(key)
      },
    })
  }

  /** Notes that something was stored, and makes room for it. */
  stored(key: string, bytes: number): void {
    this.entries.set(key, bytes)
  }

  /** Notes that something was asked for. */
  used(key: string): void {
    this.entries.get(key)
  }

  /** Removes what is stored under a key, if there is anything. */
  forget(key: string): void {
    // Something from before a restart may not be counted yet.
    if (!this.entries.delete(key)) this.remove(key)
  }

  /** Bytes of everything that is stored. */
  get bytes(): number {
    return this.entries.calculatedSize
  }

  /** Waits until what had to go is gone. */
  async settled(): Promise<void> {
    while (this.removals.size > 0) await Promise.all(this.removals)
  }

  /** Counts what an earlier process has left, the oldest first. */
  async countWhatIsThere(): Promise<void> {
    const found = new Map<string, { bytes: number; changed: number }>()
    for (const { path, bytes, changed } of await filesBelow(this.folders.fetches)) {
      found.set(relative(this.folders.fetches, path), { bytes, changed })
    }
    for (const kind of PAGE_KINDS) {
      const folder = join(this.folders.server, 'route-cache', kind)
      for (const { path, bytes, changed } of await filesBelow(folder)) {
        const key = pageKey(`/${relative(this.folders.server, path)}`)
        const before = found.get(key)
        found.set(key, { bytes: bytes + (before?.bytes ?? 0), changed })
      }
    }
    const oldestFirst = [...found].sort(([, a], [, b]) => a.changed - b.changed)
    for (const [key, { bytes }] of oldestFirst) {
      if (!this.entries.has(key)) this.entries.set(key, bytes)
    }
  }

  private remove(key: string): void {
    const paths = key.startsWith('/')
      ? PAGE_PARTS.map((part) => join(this.folders.server, key + part))
      : [join(this.folders.fetches, key)]
    const removal = Promise.all(
      paths.map((path) => rm(path, { recursive: true, force: true })),
    ).then(
      () => undefined,
      // It stays until the container ends; a page must not fail by it.
      () => undefined,
    )
    this.removals.add(removal)
    void removal.then(() => this.removals.delete(removal))
  }
}

/** The key of the page that a file is a part of. */
function pageKey(path: string): string {
  const segments = path.indexOf('.segments/')
  if (segments !== -1) return path.slice(0, segments)
  const part = PAGE_PARTS.find((each) => path.endsWith(each))
  return part ? path.slice(0, -part.length) : path
}

async function filesBelow(
  folder: string,
): Promise<{ path: string; bytes: number; changed: number }[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const files = entries.filter((entry) => entry.isFile())
  return Promise.all(
    files.map(async ({ parentPath, name }) => {
      const path = join(parentPath, name)
      const { size, mtimeMs } = await stat(path).catch(() => ({ size: 0, mtimeMs: 0 }))
      return { path, bytes: bytesOnDisk(size), changed: mtimeMs }
    }),
  )
}
