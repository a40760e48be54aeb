import { ADMIN, DEVELOPMENT, ROOT } from './settings.ts'
import { startShop } from './start.ts'
import { Problem } from './steps.ts'
import type { Supervisor } from './supervisor.ts'

let supervisor: Supervisor | undefined
let ending: Promise<never> | undefined

/** Ends every process, then this one with what went wrong; later calls wait for the first. */
function end(code: number, problem?: unknown): Promise<never> {
  ending ??= (async () => {
    if (supervisor && supervisor.names().length > 0) {
      console.log('ending …')
      await supervisor.endAll()
      console.log('all ended')
    }
    if (problem) console.error(problem instanceof Problem ? problem.message : problem)
    process.exit(code)
  })()
  return ending
}

/** `npm run dev`: the whole shop until Ctrl-C. */
export async function dev(args: string[]): Promise<void> {
  const unknown = args.filter((arg) => arg !== '--reset')
  if (unknown.length > 0) {
    throw new Problem(`unknown: ${unknown.join(' ')}; there is: npm run dev -- --reset`)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => void end(signal === 'SIGINT' ? 0 : 1))
  }
  const started = Date.now()
  try {
    const { redis } = await startShop(DEVELOPMENT, {
      reset: args.includes('--reset'),
      began: (begun) => {
        supervisor = begun
      },
      line: (name, line) => console.log(`${name.padEnd(13)} | ${line}`),
      lost: (name, how) => {
        void end(1, new Problem(`${name} ended by itself (${how}): see its lines above`))
      },
    })
    welcome(redis, Date.now() - started)
  } catch (error) {
    // What fails while all is being ended fails because of that.
    if (ending) return ending
    await end(1, error)
  }
}

function welcome(redis: boolean, milliseconds: number): void {
  const { ports } = DEVELOPMENT
  console.log(`
The shop is up (${(milliseconds / 1000).toFixed(1)} s).

  shop    http://127.0.0.1:${ports.storefront}
  admin   http://127.0.0.1:${ports.server}/app   ${ADMIN.email} / ${ADMIN.password}
  API     http://127.0.0.1:${ports.server}       worker: ${redis ? 'a process of its own' : 'in the same process'}
  BTCPay  http://127.0.0.1:${ports.btcpay}      a stand-in; no coins move
  mail    http://127.0.0.1:${ports.mail}       what the shop sends; nothing leaves this machine

To pay: put something into the cart, check out, press "Pay with Bitcoin", then "Pay in full".
Ctrl-C ends everything; the data stays in ${DEVELOPMENT.data.replace(`${ROOT}/`, '')}.
`)
}
