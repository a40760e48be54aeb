import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { CacheHandler } from 'next/dist/server/lib/incremental-cache/index.js'
import { bytesOnDisk, DiskBudget } from './disk-budget.mts'

// Loaded by Next at run time, not by its bundler: so by their paths, and without the rest of the shop.
const require = createRequire(import.meta.url)
const { default: FileSystemCache } =
  require('next/dist/server/lib/incremental-cache/file-system-cache.js') as typeof import('next/dist/server/lib/incremental-cache/file-system-cache.js')
/** Next's own bounded copy in memory of what was asked for last. */
const memory = FileSystemCache as unknown as { memoryCache?: { remove(key: string): void } }
const { SharedCacheControls } =
  require('next/dist/server/lib/incremental-cache/shared-cache-controls.external.js') as {
    SharedCacheControls: { cacheControls?: Map<string, unknown> }
  }

/**
 * Bytes of pages and of the backend's answers. They lie in the container's memory, beside pictures
 * (`images.maximumDiskCacheSize`): see its tmpfs in `nixos/modules/containers.nix`.
 */
const MAX_BYTES = 96 * 1024 * 1024

type Place = ConstructorParameters<typeof FileSystemCache>[0]
type Context = ConstructorParameters<typeof CacheHandler>[0]
type Get = Parameters<CacheHandler['get']>
type Set = Parameters<CacheHandler['set']>

let budget: DiskBudget | undefined

/** One for the process: Next makes a handler for each request. */
function budgetOf({ serverDistDir }: Place): DiskBudget {
  if (!budget) {
    budget = new DiskBudget(
      { server: serverDistDir, fetches: join(serverDistDir, '../cache/fetch-cache') },
      MAX_BYTES,
    )
    void budget.countWhatIsThere()
  }
  return budget
}

/**
 * Bytes that something to be stored takes.
 * @returns undefined for what is not worth keeping: a page that does not exist, or that leads elsewhere
 */
export function worth(data: Set[1]): number | undefined {
  if (data?.kind === 'FETCH') return bytesOnDisk(JSON.stringify(data).length)
  if (data?.kind === 'APP_ROUTE') {
    return data.status < 300 ? bytesOnDisk(data.body.length) + bytesOnDisk(0) : undefined
  }
  if (data?.kind !== 'APP_PAGE' || (data.status ?? 200) >= 300) return undefined
  const parts = [
    Buffer.byteLength(data.html),
    data.rscData?.length ?? 0,
    // Its headers.
    0,
    ...[...(data.segmentData?.values() ?? [])].map(({ length }) => length),
  ]
  return parts.reduce((sum, length) => sum + bytesOnDisk(length), 0)
}

/**
 * Next's own cache in files, with two bounds: nothing is kept of an address that does not exist, as anybody
 * can make up as many as they like, and everything together takes `MAX_BYTES`.
 */
export default class BoundedCache {
  private readonly kept?: { files: InstanceType<typeof FileSystemCache>; budget: DiskBudget }

  constructor(context: Context) {
    const { fs, serverDistDir } = context
    // The proxy has no place for files, and keeps nothing.
    if (!fs || !serverDistDir) return
    const place = { ...context, fs, serverDistDir }
    this.kept = { files: new FileSystemCache(place), budget: budgetOf(place) }
  }

  /** What is stored under a key, or null. */
  async get(...[key, context]: Get): ReturnType<CacheHandler['get']> {
    this.kept?.budget.used(key)
    return (await this.kept?.files.get(key, context)) ?? null
  }

  /** Stores a page or an answer of the backend; a page that no longer exists takes the place of none. */
  async set(...[key, data, context]: Set): Promise<void> {
    if (!this.kept) return
    const { files, budget } = this.kept
    const bytes = worth(data)
    if (bytes === undefined || bytes > budget.maxEntryBytes) {
      budget.forget(key)
      memory.memoryCache?.remove(key)
      // Next notes how long each address holds, and never forgets one.
      SharedCacheControls.cacheControls?.delete(key)
      return
    }
    await files.set(key, data, context as Parameters<typeof files.set>[2])
    budget.stored(key, bytes)
  }

  /** Marks what has one of these tags as stale. */
  async revalidateTag(...given: Parameters<CacheHandler['revalidateTag']>): Promise<void> {
    await this.kept?.files.revalidateTag(...given)
  }

  /** Next calls this between requests. */
  resetRequestCache(): void {
    this.kept?.files.resetRequestCache()
  }
}
