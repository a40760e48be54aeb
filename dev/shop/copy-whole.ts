import { cpSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** Copies a folder to a name that is only there when all of it is; others may do the same at once. */
export function copyWhole(from: string, to: string): void {
  const unfinished = mkdtempSync(`${to}.`)
  try {
    const copy = join(unfinished, 'copy')
    cpSync(from, copy, { recursive: true, verbatimSymlinks: true })
    renameSync(copy, to)
  } catch (error) {
    // Somebody else was first: theirs is as whole.
    if (!existsSync(to)) throw error
  } finally {
    rmSync(unfinished, { recursive: true })
  }
}
