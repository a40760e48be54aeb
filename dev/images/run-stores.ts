// node run-stores.ts FOLDER: PostgreSQL and Redis on this machine, as the host has them, for the tests of
// the images; says "up", and ends both by SIGTERM. A process of its own, outside vitest's module loader.
import { findProgram } from '../shop/machine.ts'
import { startPostgresql } from '../shop/postgresql.ts'
import { startRedis } from '../shop/redis.ts'
import type { Settings } from '../shop/settings.ts'
import { Supervisor } from '../shop/supervisor.ts'
import { POSTGRESQL_PORT, REDIS_PORT } from './stores.ts'

const [data] = process.argv.slice(2)
const program = findProgram('redis-server')
if (!data || !program) throw new Error('needs a folder, and redis-server on this machine')

const settings: Settings = {
  nodeEnvironment: 'test',
  built: true,
  data,
  ports: {
    ...{ postgresql: POSTGRESQL_PORT, redis: REDIS_PORT },
    ...{ server: 0, worker: 0, storefront: 0, btcpay: 0, smtp: 0, mail: 0 },
  },
  reconcileSeconds: 60,
  revalidateSecret: '',
}
const supervisor = new Supervisor({
  line: (name, line) => console.error(`${name}: ${line}`),
  changed: () => undefined,
  lost: (name, how) => console.error(`${name} ended by itself: ${how}`),
})
process.once('SIGTERM', () => void supervisor.endAll().then(() => process.exit(0)))
await startPostgresql(settings, supervisor)
await startRedis(program, settings, supervisor)
console.log('up')
