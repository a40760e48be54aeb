// check-audit FILE: judges what `npm audit --json` wrote by the policy of audit.ts.
import { readFileSync } from 'node:fs'
import { allowances, auditProblems } from './audit.ts'
import entries from './audit-allowances.json' with { type: 'json' }

const today = new Date().toISOString().slice(0, 10)
const lines = auditProblems(
  readFileSync(process.argv[2] ?? '', 'utf8'),
  allowances.parse(entries),
  today,
)
for (const line of lines) console.error(line)
console.error(
  `audit: ${lines.length === 0 ? 'nothing high or critical stays unanswered' : 'failed'}`,
)
process.exitCode = lines.length === 0 ? 0 : 1
