import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { runs, type Value } from './expressions.ts'

/** Root of the repository. */
export const ROOT = join(import.meta.dirname, '../..')

/** Where GitHub looks for workflows. */
export const WORKFLOWS = join(ROOT, '.github/workflows')

/** One step: a command, or an action. */
export interface Step {
  id?: string
  run?: string
  uses?: string
  if?: string
  with?: { [name: string]: string | number | boolean }
  env?: { [name: string]: string }
}

/** One job, as far as our workflows use them. */
export interface Job {
  needs?: string | string[]
  if?: string
  'runs-on': string
  /** Where GitHub keeps secrets that only some branches may use. */
  environment?: string
  'timeout-minutes'?: number
  permissions?: { [scope: string]: string }
  outputs?: { [name: string]: string }
  env?: { [name: string]: string }
  steps: Step[]
}

/** A workflow file. */
export interface Workflow {
  on: { [event: string]: unknown }
  permissions?: { [scope: string]: string }
  concurrency?: { group: string; 'cancel-in-progress': boolean }
  env?: { [name: string]: string }
  jobs: { [id: string]: Job }
}

/** Reads one workflow by its file's name. */
export function workflow(name: string): Workflow {
  return parse(readFileSync(join(WORKFLOWS, name), 'utf8')) as Workflow
}

/** Every workflow of the repository with its file's name. */
export const workflows = readdirSync(WORKFLOWS).map((name) => [name, workflow(name)] as const)

/** How a job ends; only GitHub ends one as skipped. */
export type Result = 'success' | 'failure' | 'cancelled' | 'skipped'

/** How a job ended, with what it left to the jobs that need it. */
export interface Ended {
  result: Result
  outputs: { [name: string]: string }
}

/** The jobs that a job names in its `needs`. */
export function needsOf(job: Job | undefined): string[] {
  return [job?.needs ?? []].flat()
}

function ancestors(jobs: Workflow['jobs'], id: string): string[] {
  const direct = needsOf(jobs[id])
  return [...new Set([...direct, ...direct.flatMap((each) => ancestors(jobs, each))])]
}

/** The contexts that a job's `if` may read. */
export function contextsOf(
  job: Job | undefined,
  ended: { [id: string]: Ended },
  others: { [name: string]: Value } = {},
): { [name: string]: Value } {
  const needs = needsOf(job).map((id) => [id, ended[id] ?? { result: 'success', outputs: {} }])
  return { ...others, needs: Object.fromEntries(needs) as Value }
}

/** Whether GitHub runs a job, after the others have ended so; all ancestors count, not only `needs`. */
export function jobRuns(
  { jobs }: Workflow,
  id: string,
  ended: { [id: string]: Ended },
  {
    cancelled = false,
    others = {},
  }: { cancelled?: boolean; others?: { [name: string]: Value } } = {},
): boolean {
  const results = ancestors(jobs, id).map((each) => ended[each]?.result)
  return runs(jobs[id]?.if, contextsOf(jobs[id], ended, others), {
    success: !cancelled && results.every((result) => result === 'success'),
    failure: results.includes('failure'),
    cancelled,
  })
}

/**
 * Walks through a workflow in the order of its file (needs come before).
 * @param outcome how each job ends if GitHub runs it
 */
export function walk(
  flow: Workflow,
  outcome: { [id: string]: Ended },
  others: { [name: string]: Value } = {},
): { [id: string]: Ended } {
  const ended: { [id: string]: Ended } = {}
  for (const id of Object.keys(flow.jobs)) {
    const runs = jobRuns(flow, id, ended, { others })
    ended[id] = runs
      ? (outcome[id] ?? { result: 'success', outputs: {} })
      : { result: 'skipped', outputs: {} }
  }
  return ended
}
