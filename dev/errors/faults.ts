import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** What must never leave, each in a place of its own of the errors below. */
export const PRIVATE = {
  email: 'ada.lovelace@example.org',
  street: '12 Rue de la Paix',
  name: 'Lovelace',
  cookie: 's%3Aconnect-cookie-of-somebody.c2ln',
  jwt: 'eyJhbGciOiJIUzI1NiJ9.eyJhY3Rvcl9pZCI6InVzZXJfMSJ9.bm90LWEtc2lnbmF0dXJl',
  order: 'order_01JABCDEFGHJKMNPQRSTVWXYZ0',
  cart: 'cart_01JABCDEFGHJKMNPQRSTVWXYZ1',
  btcpayKey: 'b7c0ffee'.repeat(5),
  databasePassword: 'pa55-of-the-database',
} as const

/** One message with all of it, as careless code writes it. */
export const CARELESS = [
  `no ${PRIVATE.email}`,
  `{"address_1":"${PRIVATE.street}","last_name":"${PRIVATE.name}"}`,
  `postgres://medusa:${PRIVATE.databasePassword}@127.0.0.1:5432/research-relay`,
  `key ${PRIVATE.btcpayKey} of ${PRIVATE.order} and ${PRIVATE.cart}`,
  `Bearer ${PRIVATE.jwt}`,
  `GET /eu/search?q=${PRIVATE.name}&mail=${PRIVATE.email}`,
  `Cookie: connect.sid=${PRIVATE.cookie}`,
].join(' ')

const message = (place: string) => JSON.stringify(`${place} failed: ${CARELESS}`)

/** Programs that fail, in Medusa's own folders. Each error has another below it. */
const FAULTS: Record<string, string> = {
  'src/api/faults/request/route.js': `
exports.GET = async () => {
  throw new Error(${message('request')}, { cause: new Error(${message('cause')}) })
}`,
  'src/api/faults/missing/route.js': `
const { MedusaError } = require('@medusajs/framework/utils')
exports.GET = async () => { throw new MedusaError(MedusaError.Types.NOT_FOUND, 'nothing of ours') }`,
  'src/api/faults/event/route.js': `
exports.POST = async (req, res) => {
  await req.scope.resolve('event_bus').emit({ name: 'faults.happened', data: { email: '${PRIVATE.email}' } })
  res.json({})
}`,
  'src/api/faults/workflow/route.js': `
const { createStep, createWorkflow } = require('@medusajs/framework/workflows-sdk')
const fail = createStep('fail-step', async () => { throw new Error(${message('step')}) })
const workflow = createWorkflow('faults-workflow', () => { fail() })
exports.POST = async (req, res) => {
  await workflow(req.scope).run({ input: {}, throwOnError: false })
  res.json({})
}`,
  'src/api/faults/rejection/route.js': `
exports.POST = async (_req, res) => {
  void Promise.reject(new Error(${message('rejection')}))
  res.json({})
}`,
  'src/subscribers/faults.js': `
exports.default = async function faults() { throw new Error(${message('subscriber')}) }
exports.config = { event: 'faults.happened' }`,
  'src/jobs/faults.js': `
exports.default = async () => { throw new Error(${message('job')}) }
exports.config = { name: 'faults-job', schedule: { interval: 2000 } }`,
}

/** A copy of the built backend that has these faults; beside it, so that it finds its packages. */
export function withFaults(built: string, copy: string): void {
  rmSync(copy, { recursive: true, force: true })
  cpSync(built, copy, { recursive: true })
  for (const [path, text] of Object.entries(FAULTS)) {
    mkdirSync(dirname(join(copy, path)), { recursive: true })
    writeFileSync(join(copy, path), `"use strict"${text}\n`)
  }
}
