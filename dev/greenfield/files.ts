import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript'
import { ROOT } from '../shop/settings.ts'
import type { Api } from './reduce.ts'

/** The part of BTCPay's API that the shop uses. */
export const API_FILE = join(ROOT, 'dev/greenfield/btcpay.openapi.json')
/** Its types, of which the client is made. */
export const TYPES_FILE = join(ROOT, 'app/src/modules/btcpay/greenfield-api.ts')

/** @param file an OpenAPI document in JSON */
export function readApi(file: string = API_FILE): Api {
  return JSON.parse(readFileSync(file, 'utf8')) as Api
}

export function writtenApi(api: Api): string {
  return `${JSON.stringify(api, null, 2)}\n`
}

/** The types of an API as TypeScript, formatted as everything here is. */
export async function writtenTypes(api: Api): Promise<string> {
  const { btcpayVersion, commit } = api.info['x-source']
  const types = astToString(
    await openapiTS(api as unknown as OpenAPI3, { alphabetize: true, defaultNonNullable: false }),
  )
  const head = `// Made by dev/greenfield/main.ts from BTCPay Server ${btcpayVersion} (${commit.slice(0, 8)}, MIT); see btcpay.openapi.json there.\n`
  return execFileSync('biome', ['format', '--stdin-file-path=greenfield-api.ts'], {
    cwd: ROOT,
    encoding: 'utf8',
    input: head + types,
    timeout: 30_000,
  })
}
