import { writeFileSync } from 'node:fs'
import type { Reporter, TestModule, TestSuite } from 'vitest/node'

/** The variable that names the file which the reporter writes. */
export const TOTALS_FILE = 'RR_TOTALS_FILE'

/** How a suite went: `failed` has words for each failure, so that the end of a long log tells what it was. */
export interface Totals {
  passed: number
  failed: string[]
}

/** What vitest keeps of an error. */
type Errors = readonly { name?: string | undefined; message: string }[]

/** The first lines of the errors of one place. */
function brief(place: string, errors: Errors): string {
  const text = errors.map(({ name = 'Error', message }) => `${name}: ${message}`).join('\n')
  return [place, ...text.split('\n').slice(0, 8)].join('\n    ')
}

/** Failures of a file; one that breaks in a hook or its import takes its tests with it, unrun. */
function failures(file: TestModule): string[] {
  const outside = (place: string, { errors }: Pick<TestSuite, 'errors'>) =>
    errors().length > 0 ? [brief(place, errors())] : []
  const at = file.relativeModuleId
  return [
    ...outside(at, { errors: () => file.errors() }),
    ...[...file.children.allSuites()].flatMap((suite) =>
      outside(`${at} > ${suite.fullName}`, { errors: () => suite.errors() }),
    ),
    ...[...file.children.allTests('failed')].map((test) =>
      brief(`${at} > ${test.fullName}`, test.result().errors ?? []),
    ),
  ]
}

/** A reporter of vitest that writes a suite's totals for `npm test`. */
export default class TotalsReporter implements Reporter {
  onTestRunEnd(files: readonly TestModule[], unhandled: Errors): void {
    const file = process.env[TOTALS_FILE]
    if (!file) throw new Error(`${TOTALS_FILE} names no file for the totals`)
    const tests = files.flatMap((each) => [...each.children.allTests('passed')])
    const failed = files.flatMap(failures)
    if (unhandled.length > 0) failed.push(brief('outside of all tests', unhandled))
    writeFileSync(file, JSON.stringify({ passed: tests.length, failed } satisfies Totals))
  }
}
