import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, type Settings, shopEnvironment, TEST, type Variables } from '../shop/settings.ts'
import { answers, Problem } from '../shop/steps.ts'
import type { Definition, Supervisor } from '../shop/supervisor.ts'
import {
  API,
  type AppHost,
  BTCPAY,
  MACHINES,
  PORTS,
  SHOP,
  serverOf,
  storefrontOf,
} from './addresses.ts'
import { databaseUrl, redisUrl } from './stores.ts'

/** The built backend; another build by RR_BUILT_APP. */
const BUILT_APP = process.env.RR_BUILT_APP ?? join(ROOT, 'app/.medusa/server')
const BUILT_STOREFRONT = join(ROOT, 'storefront/.next/standalone/storefront')
const READY_SECONDS = 240

/** @throws Problem when something is not built */
export function checkBuilds(): void {
  for (const [path, command] of [
    [BUILT_APP, 'npm run build -w app'],
    [join(BUILT_STOREFRONT, 'server.js'), 'npm run build -w storefront'],
  ] as const) {
    if (!existsSync(path))
      throw new Problem(`${path} is missing: npm test builds it, or ${command}`)
  }
}

/** Variables of the apps on any host, with database and queue on one machine. */
export function appEnvironment(stores: string): Variables {
  const settings: Settings = {
    ...TEST,
    ports: { ...TEST.ports, ...PORTS },
  }
  const { VITEST: _, ...inherited } = shopEnvironment(settings, true)
  return {
    ...inherited,
    DATABASE_URL: databaseUrl(stores),
    REDIS_URL: redisUrl(stores),
    MEDUSA_BACKEND_URL: API,
    NEXT_PUBLIC_MEDUSA_BACKEND_URL: API,
    STOREFRONT_URL: SHOP,
    STORE_CORS: SHOP,
    ADMIN_CORS: API,
    AUTH_CORS: `${SHOP},${API}`,
    BTCPAY_URL: BTCPAY,
    DISABLE_MEDUSA_ADMIN: 'true',
    // Longer than the rehearsal, so that an order is due to its webhook or its page alone.
    BTCPAY_RECONCILE_SECONDS: '3600',
  }
}

/** A command of the built backend, such as a migration. */
export function backendCommand(name: string, command: string[], env: Variables): Definition {
  return { name, command: ['medusa', ...command], cwd: BUILT_APP, env }
}

/** Where a host keeps product files without object storage: on its own disk. */
export function uploadsFolder(host: AppHost): string {
  return join(ROOT, '.data/growth', `uploads-${host}`)
}

/** All that runs on one app host: server, worker and storefront, as nixos/modules/containers.nix has it. */
function definitions(host: AppHost, common: Variables): (Definition & { ready: string })[] {
  const env = { ...common, UPLOADS_DIR: uploadsFolder(host) }
  const at = (port: number) => ['start', '--host', MACHINES[host], '--port', String(port)]
  return [
    {
      ...backendCommand(`server-${host}`, at(PORTS.server), {
        ...env,
        MEDUSA_WORKER_MODE: 'server',
      }),
      ready: `${serverOf(host)}/ready`,
    },
    {
      ...backendCommand(`worker-${host}`, at(PORTS.worker), {
        ...env,
        MEDUSA_WORKER_MODE: 'worker',
      }),
      ready: `http://${MACHINES[host]}:${PORTS.worker}/health`,
    },
    {
      name: `storefront-${host}`,
      command: ['node', 'server.js'],
      cwd: BUILT_STOREFRONT,
      env: {
        ...env,
        // A storefront in production takes plain HTTP at 127.0.0.1 alone; the load balancer is there, too.
        MEDUSA_BACKEND_URL: `http://${MACHINES.first}:${PORTS.api}`,
        NEXT_PUBLIC_MEDUSA_BACKEND_URL: `http://${MACHINES.first}:${PORTS.api}`,
        STOREFRONT_URL: `http://${MACHINES.first}:${PORTS.shop}`,
        PORT: String(PORTS.storefront),
        HOSTNAME: MACHINES[host],
      },
      ready: `${storefrontOf(host)}/api/health`,
    },
  ]
}

/** Starts an app host and waits until all of it serves. */
export async function startAppHost(
  host: AppHost,
  env: Variables,
  supervisor: Supervisor,
): Promise<void> {
  const all = definitions(host, env)
  for (const each of all) supervisor.start(each)
  await Promise.all(
    all.map(({ name, ready }) => answers(ready, READY_SECONDS, () => supervisor.has(name))),
  )
}

/** Ends an app host: asked to end, or as a power loss does. */
export async function endAppHost(
  host: AppHost,
  supervisor: Supervisor,
  signal?: 'SIGKILL',
): Promise<void> {
  const names = ['storefront', 'server', 'worker'].map((part) => `${part}-${host}`)
  await Promise.all(names.map((name) => supervisor.end(name, signal)))
}
