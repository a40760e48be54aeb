import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { caddyProgram } from '../host/tools.ts'
import { eventually } from '../integration/eventually.ts'
import type { Supervisor } from '../shop/supervisor.ts'
import { API, MACHINES, PORTS } from './addresses.ts'

/** Seconds between two questions of the load balancer to a host; Hetzner's takes 3 at the least. */
export const HEALTH_INTERVAL_SECONDS = 3
/** Failed answers after which a host gets no more requests. */
export const HEALTH_FAILS = 2
const HEALTH_TIMEOUT_SECONDS = 2
/** Header by which an answer names the host that gave it. */
export const SERVED_BY = 'x-served-by'

/** A site of the load balancer: in turn to both hosts, none twice, as Hetzner's does. */
function site(port: number, target: number, health: string): string {
  return `
http://${MACHINES.balancer}:${port}, http://${MACHINES.first}:${port} {
	bind ${MACHINES.balancer} ${MACHINES.first}
	@closed file {
		root {$RR_WAYS}
		try_files maintenance
	}
	error @closed 503
	reverse_proxy ${MACHINES.a}:${target} ${MACHINES.b}:${target} {
		lb_policy round_robin
		lb_retries 0
		health_uri ${health}
		health_interval ${HEALTH_INTERVAL_SECONDS}s
		health_timeout ${HEALTH_TIMEOUT_SECONDS}s
		health_fails ${HEALTH_FAILS}
		header_down ${SERVED_BY} {http.reverse_proxy.upstream.host}
	}
	handle_errors {
		respond "closed" {err.status_code}
	}
}
`
}

/** Starts Caddy in the place of Hetzner's load balancer, and of each host's own Caddy for maintenance. */
export async function startBalancer(folder: string, supervisor: Supervisor): Promise<void> {
  const file = join(folder, 'Caddyfile')
  const head = `{
	admin off
	auto_https off
	persist_config off
	log {
		level ERROR
	}
}
`
  const api = site(PORTS.api, PORTS.server, '/health')
  writeFileSync(file, `${head}${api}${site(PORTS.shop, PORTS.storefront, '/api/health')}`)
  supervisor.start({
    name: 'balancer',
    command: [caddyProgram(), 'run', '--config', file, '--adapter', 'caddyfile'],
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, XDG_DATA_HOME: folder, RR_WAYS: folder },
  })
  // Until a host runs it answers 502, which is an answer.
  await eventually('the load balancer', 20, async () => {
    if (!supervisor.has('balancer')) throw new Error('it has ended, see its last lines')
    const response = await fetch(`${API}/health`, { signal: AbortSignal.timeout(2_000) })
    return response.status > 0
  })
}

/** Lets visitors in or not, by the file that `rr-deploy maintenance` writes. */
export function maintenance(folder: string, on: boolean): void {
  const file = join(folder, 'maintenance')
  if (on) writeFileSync(file, '')
  else rmSync(file, { force: true })
}
