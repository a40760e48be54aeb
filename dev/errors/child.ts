import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

const ROOT = join(import.meta.dirname, '../..')

/** How a child makes its errors. */
const MODES = {
  /** The same error ten thousand times, in one go. */
  loop: `for (let i = 0; i < 10000; i += 1) reporter.report(new Error('no answer of invoice ' + i), { by: 'test' })
    end()`,
  /** As Medusa dies when it cannot start. */
  start: `reporter.report(new Error('Error starting server'), { by: 'log' }); process.exit(1)`,
  /** Nothing else listens: the process ends by it. */
  uncaught: `setTimeout(() => { throw new Error('nobody caught this') }, 1)`,
  rejection: `void Promise.reject(new Error('nobody caught this promise'))`,
  /** A request's time must not change: prints how long 100 reports took, in ms. */
  time: `const began = performance.now()
    for (let i = 0; i < 100; i += 1) reporter.report(new Error(String.fromCharCode(97 + i % 26).repeat(1 + i)), { by: 'test' })
    console.log('reported', performance.now() - began)
    process.on('SIGTERM', () => process.exit(0))
    setTimeout(() => process.kill(process.pid, 'SIGTERM'), 200)
    setInterval(() => undefined, 1000)`,
} as const

export type Mode = keyof typeof MODES

/** Programs that report errors as the backend does, made once for all children. */
export class Children {
  private readonly folder: string

  constructor() {
    const base = join(ROOT, '.data/errors')
    mkdirSync(base, { recursive: true })
    this.folder = mkdtempSync(join(base, 'children-'))
    const source = readFileSync(join(ROOT, 'app/src/errors/redis-ledger.ts'), 'utf8')
    const { outputText } = ts.transpileModule(source, {
      compilerOptions: {
        module: ts.ModuleKind.CommonJS,
        target: ts.ScriptTarget.ES2022,
        esModuleInterop: true,
      },
    })
    writeFileSync(join(this.folder, 'redis-ledger.js'), outputText)
    writeFileSync(join(this.folder, 'package.json'), '{"type":"commonjs"}')
    for (const [mode, work] of Object.entries(MODES)) {
      writeFileSync(
        join(this.folder, `${mode}.js`),
        `const { openReporter } = require('@rr-bizops/telemetry/errors/reporter')
const { letExitsWait, watchUncaught } = require('@rr-bizops/telemetry/errors/process')
const { redisLedger } = require('./redis-ledger')
const { readDsn } = require('@rr-bizops/telemetry/errors/dsn')
const { scrubber } = require('@rr-bizops/telemetry/errors/scrub')
const { DSN, REDIS_URL } = process.env
const reporter = openReporter({
  dsn: readDsn(DSN), release: '0f3c2a1', environment: 'test', role: 'medusa-server', tags: {},
  caps: { hour: 20, day: 60 }, ledger: REDIS_URL ? redisLedger(REDIS_URL) : undefined, scrub: scrubber([]),
})
watchUncaught(reporter)
letExitsWait(reporter)
const end = () => process.exit(0)
${work}
`,
      )
    }
  }

  /** Runs one child to its end. @returns exit code, what it printed, and how long it lived, in ms */
  run(
    mode: Mode,
    env: { DSN: string; REDIS_URL?: string },
  ): Promise<{ code: number | null; output: string; ms: number }> {
    const began = performance.now()
    const child: ChildProcess = spawn(process.execPath, [join(this.folder, `${mode}.js`)], {
      env: { PATH: process.env.PATH, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 30_000,
    })
    let output = ''
    child.stdout?.on('data', (part) => {
      output += part
    })
    child.stderr?.on('data', (part) => {
      output += part
    })
    return new Promise((resolve, reject) => {
      child.on('error', reject)
      child.on('close', (code) => resolve({ code, output, ms: performance.now() - began }))
    })
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}
