import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { RECORDS_FILE } from './records.ts'

/** The shop's own file of records with addresses filled in, written into a folder; gives its path. */
export function filledIn(folder: string, app = '203.0.113.5'): string {
  const data = JSON.parse(readFileSync(RECORDS_FILE, 'utf8'))
  data.hosts['shops-app-01'].ipv4 = app
  data.hosts['shops-btc-01'].ipv4 = '203.0.113.9'
  const path = join(folder, 'records.json')
  writeFileSync(path, JSON.stringify(data))
  return path
}
