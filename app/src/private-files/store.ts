import type { Readable, Writable } from 'node:stream'

/** Where private files lie: exports, imports and their parts. Keys are those of key.ts. */
export interface PrivateStore {
  /** Takes a new file; `done` ends when it is stored, or fails. */
  write(key: string, mimeType: string): { stream: Writable; done: Promise<void> }
  /** @returns undefined when there is no such file */
  open(key: string): Promise<{ stream: Readable; bytes: number | undefined } | undefined>
  /** What is gone already is no fault. */
  remove(key: string): Promise<void>
  /** Keys of the files that were stored before this time. */
  storedBefore(time: Date): AsyncIterable<string>
}
