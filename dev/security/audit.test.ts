import { describe, expect, it } from 'vitest'
import { allowances, auditProblems } from './audit.ts'
import entries from './audit-allowances.json' with { type: 'json' }

const TODAY = '2026-11-25'
const ID = 'GHSA-aaaa-bbbb-cccc'

/** A report of npm 10 and 11 with one advisory, and a package that depends on the vulnerable one. */
function report(severity: string, fixAvailable: unknown): string {
  const via = {
    source: 1100000,
    name: 'left',
    dependency: 'left',
    title: 'It falls over',
    url: `https://github.com/advisories/${ID}`,
    severity,
    cwe: ['CWE-400'],
    cvss: { score: 7.5, vectorString: null },
    range: '<2.0.0',
  }
  const shared = { severity, range: '*', fixAvailable }
  return JSON.stringify({
    auditReportVersion: 2,
    vulnerabilities: {
      left: { name: 'left', isDirect: false, via: [via], effects: ['right'], nodes: [], ...shared },
      right: { name: 'right', isDirect: true, via: ['left'], effects: [], nodes: [], ...shared },
    },
    metadata: {},
  })
}
const allowance = (until: string) => [
  { advisory: ID, package: 'left', reason: 'Only the build loads it, with our own input.', until },
]
const MAJOR = { name: 'right', version: '9.0.0', isSemVerMajor: true }

describe('an advisory', () => {
  it.each(['high', 'critical'])('that is %s stops when a fix fits', (severity) => {
    const said = [`${severity} in left: It falls over (${ID}): npm audit fix mends it`]
    expect(auditProblems(report(severity, true), [], TODAY)).toEqual(said)
    // An allowance is no way round a fix.
    expect(auditProblems(report(severity, true), allowance('2026-12-31'), TODAY)).toEqual(said)
  })

  it.each([false, MAJOR])('without a fix that fits needs an allowance', (fix) => {
    expect(auditProblems(report('high', fix), [], TODAY)).toEqual([
      `high in left: It falls over (${ID}): no fix that fits, and no allowance`,
    ])
    expect(auditProblems(report('high', fix), allowance(TODAY), TODAY)).toEqual([])
  })

  it('stops again when its allowance has ended', () => {
    expect(auditProblems(report('high', false), allowance('2026-11-24'), TODAY)).toEqual([
      `high in left: It falls over (${ID}): its allowance ended on 2026-11-24`,
    ])
  })

  it.each(['moderate', 'low', 'info'])('that is %s stops nothing', (severity) => {
    expect(auditProblems(report(severity, true), [], TODAY)).toEqual([])
  })
})

it('an allowance that nothing needs is said', () => {
  const empty = JSON.stringify({ auditReportVersion: 2, vulnerabilities: {}, metadata: {} })
  expect(auditProblems(empty, allowance('2026-12-31'), TODAY)).toEqual([
    `${ID} in left has an allowance that nothing needs`,
  ])
})

it.each([
  // What npm writes when the registry refuses the question.
  '{"message":"405 Method Not Allowed","statusCode":405,"error":{"summary":"","detail":""}}',
  '{"error":{"code":"ENOAUDIT","summary":"Your configured registry does not support audit requests."}}',
  '',
  'npm error network',
])('no report is no clean bill: %s', (text) => {
  expect(auditProblems(text, [], TODAY)).toEqual([
    expect.stringMatching(/^npm audit gave no report/),
  ])
})

it('the allowances of this repository are of the right form', () => {
  expect(allowances.safeParse(entries).success).toBe(true)
})
