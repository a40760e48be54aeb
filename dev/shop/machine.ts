import { accessSync, constants } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { createServer } from 'node:net'
import { delimiter, join } from 'node:path'
import { Problem } from './steps.ts'

/** A full disk would stop PostgreSQL in the middle of a write. */
const LEAST_FREE_MB = 500

/** Path of a program on PATH, or undefined. */
export function findProgram(...names: string[]): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/bin']
  return names
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK)
        return true
      } catch {
        return false
      }
    })
}

/** @throws Problem when the data folder's disk is nearly full */
export async function checkDisk(folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder)
  const free = Math.floor((bavail * bsize) / 1024 ** 2)
  if (free < LEAST_FREE_MB) {
    throw new Problem(
      `${folder} has ${free} MB left on its disk: free ${LEAST_FREE_MB} MB and start again`,
    )
  }
}

/** @throws Problem naming every port of this machine's loopback that is taken */
export async function checkPorts(ports: Record<string, number>): Promise<void> {
  const taken: string[] = []
  for (const [name, port] of Object.entries(ports)) {
    if (!(await isFree(port))) taken.push(`${port} (${name})`)
  }
  if (taken.length === 0) return
  throw new Problem(
    `taken by another program: port ${taken.join(', ')}; find it with "ss -ltnp", end it and start again`,
  )
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () =>
      server.close(() => resolve(true)),
    )
  })
}
