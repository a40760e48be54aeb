/** A page that fails over and over tells so this many times, each kind once. */
const PER_PAGE = 3

const told = new Set<string>()

/** Whether a file of ours is in the stack: extensions and injected scripts are not our errors. */
function isOurs(error: unknown): error is Error {
  return error instanceof Error && (error.stack ?? '').includes(`${location.origin}/_next/`)
}

/** Tells of an error of this page; returns at once and never throws. The rest is loaded only now. */
export function tellOf(error: unknown): void {
  // An error of the server, which has told of it, arrives with its digest alone.
  if (!isOurs(error) || 'digest' in error) return
  const kind = `${error.name} ${error.message}`
  if (told.size >= PER_PAGE || told.has(kind)) return
  told.add(kind)
  import('./browser').then(
    ({ send }) => send(error),
    // The file of an older deploy is gone, or the visitor is offline.
    () => undefined,
  )
}

/** From now on what nobody has caught on this page is told. */
export function watchBrowser(): void {
  addEventListener('error', ({ error }) => tellOf(error))
  addEventListener('unhandledrejection', ({ reason }) => tellOf(reason))
}
