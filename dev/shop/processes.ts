import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { ROOT, type Settings, type Variables } from './settings.ts'
import type { Definition } from './supervisor.ts'

const launch = { cwd: z.string(), command: z.array(z.string()).min(1) }

/** One entry of processes.json; `${NAME}` stands for a variable of the shop's environment. */
const entry = z.strictObject({
  name: z.string(),
  ...launch,
  /** How the built artefact is started; without it the command above is used. */
  built: z.strictObject(launch).optional(),
  /** Answers 2xx as soon as the process serves. */
  ready: z.string(),
  /** Starts only after the seed; the others start at once. */
  after: z.literal('seed').optional(),
  /** Is left out where this server is missing. */
  needs: z.literal('redis').optional(),
  env: z.record(z.string(), z.string()),
})

/** A process of the shop that can be started. */
export interface ShopProcess extends Definition {
  ready: string
  afterSeed: boolean
}

/** Replaces `${NAME}` by the variable's value; a variable that is not there is an error. */
export function fill(text: string, variables: Variables): string {
  return text.replace(/\$\{(\w+)\}/g, (_all, name: string) => {
    const value = variables[name]
    if (value === undefined) throw new Error(`processes.json names ${name}, which is not set`)
    return value
  })
}

/** The shop's processes of processes.json, their placeholders filled in. */
export function shopProcesses(settings: Settings, variables: Variables): ShopProcess[] {
  const text = readFileSync(join(import.meta.dirname, 'processes.json'), 'utf8')
  const entries = z.array(entry).parse(JSON.parse(text))
  return entries
    .filter(({ needs }) => !needs || variables.REDIS_URL)
    .map((each) => {
      const { cwd, command } = (settings.built && each.built) || each
      const own = Object.entries(each.env).map(([name, value]) => [name, fill(value, variables)])
      return {
        name: each.name,
        cwd: join(ROOT, cwd),
        command: command.map((word) => fill(word, variables)),
        env: { ...variables, ...Object.fromEntries(own) },
        ready: fill(each.ready, variables),
        afterSeed: each.after === 'seed',
      }
    })
}
