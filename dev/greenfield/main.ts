import { writeFileSync } from 'node:fs'
import { API_FILE, readApi, TYPES_FILE, writtenApi, writtenTypes } from './files.ts'
import { reduce } from './reduce.ts'

// Without a file, the types are made anew from the part of the API that is here.
const [file] = process.argv.slice(2)
const api = reduce(readApi(file))
writeFileSync(API_FILE, writtenApi(api))
writeFileSync(TYPES_FILE, await writtenTypes(api))
console.log(
  `${Object.keys(api.paths).length} paths of BTCPay ${api.info['x-source'].btcpayVersion}`,
)
