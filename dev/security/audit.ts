import { z } from 'zod'

/** Severities that stop a release. */
const STOPS = ['high', 'critical']

const advisory = z.object({
  source: z.number(),
  title: z.string(),
  url: z.string(),
  severity: z.string(),
})

const vulnerability = z.object({
  name: z.string(),
  severity: z.string(),
  /** Advisories of the package itself, or names of vulnerable packages that it depends on. */
  via: z.array(z.union([z.string(), advisory])),
  /** False: none; true: within what package.json allows; an object: by another version of a package. */
  fixAvailable: z.union([
    z.boolean(),
    z.object({ name: z.string(), version: z.string(), isSemVerMajor: z.boolean() }),
  ]),
})

/** What `npm audit --json` writes (auditReportVersion 2), as far as it is read. */
const report = z.object({
  auditReportVersion: z.literal(2),
  vulnerabilities: z.record(z.string(), vulnerability),
})

/** Advisories that may stay for a while: id such as GHSA-…, with a reason and the last day. */
export const allowances = z.array(
  z.strictObject({
    advisory: z.string().regex(/^GHSA(-[a-z0-9]{4}){3}$/),
    package: z.string(),
    reason: z.string().min(20),
    until: z.iso.date(),
  }),
)

/**
 * One line for each advisory that stops a release: high or critical, and either with a fix that fits
 * or without an allowance that still holds. Also for each allowance that nothing needs any more.
 * @param text what `npm audit --json` wrote; anything but a report, such as a failure, is a problem, too
 * @param today ISO date
 */
export function auditProblems(
  text: string,
  allowed: z.infer<typeof allowances>,
  today: string,
): string[] {
  let read: z.infer<typeof report>
  try {
    read = report.parse(JSON.parse(text))
  } catch {
    return [`npm audit gave no report: ${text.slice(0, 200).replaceAll(/\s+/g, ' ')}`]
  }
  const needed = new Set<string>()
  const lines: string[] = []
  for (const { name, via, fixAvailable } of Object.values(read.vulnerabilities)) {
    for (const each of via) {
      if (typeof each === 'string' || !STOPS.includes(each.severity)) continue
      const id = each.url.split('/').at(-1) ?? ''
      const entry = allowed.find((one) => one.advisory === id && one.package === name)
      if (entry) needed.add(`${id} ${name}`)
      const fits = fixAvailable === true || (fixAvailable && !fixAvailable.isSemVerMajor)
      const what = `${each.severity} in ${name}: ${each.title} (${id})`
      if (fits) lines.push(`${what}: npm audit fix mends it`)
      else if (!entry) lines.push(`${what}: no fix that fits, and no allowance`)
      else if (entry.until < today) lines.push(`${what}: its allowance ended on ${entry.until}`)
    }
  }
  for (const { advisory: id, package: name } of allowed) {
    if (!needed.has(`${id} ${name}`))
      lines.push(`${id} in ${name} has an allowance that nothing needs`)
  }
  return lines
}
