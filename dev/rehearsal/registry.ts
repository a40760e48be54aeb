import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Programs } from './programs.ts'
import { DATA, REGISTRY } from './settings.ts'

const NAME = 'registry'

/** Starts the registry that images are pulled from: GHCR's part. */
export function startRegistry(programs: Programs): void {
  const file = join(DATA, 'registry.yml')
  writeFileSync(
    file,
    `version: 0.1\nlog: { level: warn }\nstorage: { filesystem: { rootdirectory: ${DATA}/registry }, delete: { enabled: true } }\nhttp: { addr: "${REGISTRY}" }\n`,
  )
  programs.start(NAME, 'docker-registry', ['serve', file])
}

export function endRegistry(programs: Programs): Promise<void> {
  return programs.end(NAME)
}
