import { describe, expect, it } from 'vitest'
import { evaluate, fill, hasStatusFunction, runs } from './expressions.ts'
import { jobRuns, type Workflow } from './workflow.ts'

/** An expression as a workflow marks it. */
const braces = (expression: string) => `\${{ ${expression} }}`

describe('expressions', () => {
  it.each([
    ["'it''s'", "it's"],
    ["'Main' == 'main'", true],
    ['true == 1', true],
    ["null == ''", true],
    ["'x' == 0", false],
    ["'0' == 0", true],
    ["'' || 'b'", 'b'],
    ["'a' && 'b'", 'b'],
    ['0 && 1', 0],
    ["false && 'success' || 'skipped'", 'skipped'],
    ['!(1 > 2) && 2 >= 2', true],
    ["'x' < 1", false],
    ['1 == 1 == true', true],
    ["a.b['c-d']", 7],
    ['a.missing.deeper', null],
    ["contains(fromJSON('[\"push\", 2]'), 'PUSH')", true],
    ["contains('Hello', 'ELL')", true],
    ["contains(jobs.*.result, 'failure')", true],
    ["contains(jobs.*.result, 'skipped')", false],
  ])('%s is %j', (expression, value) => {
    const jobs = { x: { result: 'success' }, y: { result: 'failure' } }
    expect(evaluate(expression, { a: { b: { 'c-d': 7 } }, jobs })).toEqual(value)
  })

  it('refuse what they do not know instead of taking it for null', () => {
    expect(() => evaluate('neds.plan.result', { needs: {} })).toThrow('neds is no context')
    expect(() => evaluate("hashFiles('x')", {})).toThrow('hashFiles() is not known')
    expect(() => evaluate("'a' 'b'", {})).toThrow('too much')
    expect(() => evaluate('"a"', {})).toThrow('not an expression')
    expect(() => evaluate("('a'", {})).toThrow(') expected')
  })

  it('are filled into text', () => {
    expect(fill(`ci-${braces('github.ref')}-${braces('null')}`, { github: { ref: 'main' } })).toBe(
      'ci-main-',
    )
  })

  it('know a status function from a word that looks like one', () => {
    expect(hasStatusFunction(braces('!cancelled() && true'))).toBe(true)
    expect(hasStatusFunction("needs.x.result == 'success'")).toBe(false)
    expect(hasStatusFunction('needs.success.result')).toBe(false)
  })
})

describe('a condition', () => {
  const failed = { success: false, failure: true, cancelled: false }

  it('without a status function needs success first, whatever it says', () => {
    expect(runs('true', {}, failed)).toBe(false)
    expect(runs(undefined, {}, failed)).toBe(false)
    expect(runs('always()', {}, failed)).toBe(true)
    expect(runs('failure()', {}, failed)).toBe(true)
  })
})

/** Two builds and a deploy with the condition under test: what others fell into. */
const naive = (condition?: string): Workflow => ({
  on: {},
  jobs: {
    a: { 'runs-on': 'x', steps: [] },
    b: { 'runs-on': 'x', steps: [] },
    deploy: { 'runs-on': 'x', steps: [], needs: ['a', 'b'], if: condition },
    after: { 'runs-on': 'x', steps: [], needs: 'deploy' },
  },
})
const ended = (a: 'success' | 'failure' | 'skipped' | 'cancelled', b: typeof a) => ({
  a: { result: a, outputs: {} },
  b: { result: b, outputs: {} },
})

describe('the plain ways to write a deploy', () => {
  it('no condition: skipped when one of two builds is', () => {
    expect(jobRuns(naive(), 'deploy', ended('success', 'skipped'))).toBe(false)
  })

  it('a result without a status function: skipped, too', () => {
    const flow = naive("needs.a.result == 'success'")
    expect(jobRuns(flow, 'deploy', ended('success', 'skipped'))).toBe(false)
  })

  it('!cancelled() alone: deploys past a failure', () => {
    expect(jobRuns(naive(braces('!cancelled()')), 'deploy', ended('success', 'failure'))).toBe(true)
  })

  it('!cancelled() && !failure(): deploys when nothing was built, or a build ran out of time', () => {
    const flow = naive(braces('!cancelled() && !failure()'))
    expect(jobRuns(flow, 'deploy', ended('skipped', 'skipped'))).toBe(true)
    expect(jobRuns(flow, 'deploy', ended('success', 'cancelled'))).toBe(true)
  })

  it('a skip travels on to jobs that do not name the skipped one', () => {
    const all = {
      ...ended('success', 'skipped'),
      deploy: { result: 'success', outputs: {} } as const,
    }
    expect(jobRuns(naive(), 'after', all)).toBe(false)
  })
})
