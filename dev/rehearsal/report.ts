import { writeFileSync } from 'node:fs'
import type { Seen } from './load.ts'
import type { Sample } from './shoppers.ts'

type Counted = Omit<Seen, 'failed'> & { failed: number }

/** How one scenario went; moments are ms since 1970. */
export interface Outcome {
  number: number
  name: string
  steady: boolean
  from: number
  to: number
  seen: Counted
  /** Which bars were not met; empty is good. */
  broken: string[]
  /** What a disaster has cost. */
  said?: string
}

/** A whole rehearsal. */
export interface Report {
  began: number
  ended: number
  domain: string
  quiet: Counted
  outcomes: Outcome[]
  marks: { at: number; text: string }[]
  payments: { made: number; broken: string[] }
  /** Resident memory by container, as the engine tells it. */
  memory: Record<string, string>
  samples: Sample[]
}

const WIDTH = 1_160
const LANE = 90

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}

/** The timeline of one scenario: requests and errors a second, the slowest of each second, and the marks. */
function timeline(report: Report, { from, to }: { from: number; to: number }): string {
  const seconds = Math.max(1, Math.ceil((to - from) / 1000))
  const bins = Array.from({ length: seconds }, () => ({ asked: 0, failed: 0, slowest: 0 }))
  for (const { at, ms, ok } of report.samples) {
    const bin = bins[Math.floor((at - from) / 1000)]
    if (at < from || !bin) continue
    bin.asked++
    if (!ok) bin.failed++
    bin.slowest = Math.max(bin.slowest, ms)
  }
  const x = (at: number) => ((at - from) / (to - from)) * WIDTH
  const most = Math.max(1, ...bins.map(({ asked }) => asked))
  const slowest = Math.max(500, ...bins.map((bin) => bin.slowest))
  const width = WIDTH / seconds
  const bars = bins.map(({ asked, failed }, i) => {
    const height = (asked / most) * LANE
    const red = (failed / most) * LANE
    return `<rect x="${(i * width).toFixed(1)}" y="${(LANE - height).toFixed(1)}" width="${Math.max(1, width - 1).toFixed(1)}" height="${height.toFixed(1)}" fill="#9db8a8"/><rect x="${(i * width).toFixed(1)}" y="${(LANE - red).toFixed(1)}" width="${Math.max(1, width - 1).toFixed(1)}" height="${red.toFixed(1)}" fill="#c0392b"/>`
  })
  const line = bins
    .map(
      (bin, i) =>
        `${((i + 0.5) * width).toFixed(1)},${(2 * LANE + 14 - (bin.slowest / slowest) * LANE).toFixed(1)}`,
    )
    .join(' ')
  const steps = report.marks.filter(({ at }) => at >= from && at <= to)
  const flags = steps.map(
    ({ at, text }, i) =>
      `<line x1="${x(at).toFixed(1)}" x2="${x(at).toFixed(1)}" y1="0" y2="${2 * LANE + 14}" stroke="#999" stroke-dasharray="2 3"><title>${escaped(text)}</title></line><text x="${x(at).toFixed(1)}" y="${2 * LANE + 28 + (i % 6) * 13}" font-size="10" text-anchor="${x(at) > WIDTH * 0.8 ? 'end' : 'start'}">${escaped(text)}</text>`,
  )
  return `<svg viewBox="0 0 ${WIDTH} ${2 * LANE + 110}" role="img"><text x="0" y="10" font-size="10" fill="#555">${most} requests a second</text><text x="0" y="${LANE + 24}" font-size="10" fill="#555">slowest of each second, up to ${slowest} ms</text>${bars.join('')}<polyline points="${line}" fill="none" stroke="#2c3e50" stroke-width="1.2"/>${flags.join('')}</svg>`
}

/** Writes the page of a rehearsal: a table of all scenarios, then the timeline of each. */
export function writeReport(path: string, report: Report): void {
  const rows = report.outcomes.map(
    (each, i) =>
      `<tr class="${each.broken.length === 0 ? '' : 'bad'}"><td>${each.number}</td><td><a href="#s${i}">${escaped(each.name)}</a></td><td>${((each.to - each.from) / 1000).toFixed(0)}</td><td>${each.seen.asked}</td><td>${each.seen.failed}</td><td>${each.seen.p50}</td><td>${each.seen.p99}</td><td>${each.seen.slowest}</td><td>${each.broken.length === 0 ? escaped(each.said ?? 'as wanted') : escaped(each.broken.join('; '))}</td></tr>`,
  )
  const sections = report.outcomes.map(
    (each, i) =>
      `<h2 id="s${i}">${each.number}. ${escaped(each.name)}</h2>${timeline(report, each)}`,
  )
  const memory = Object.entries(report.memory)
    .map(([name, size]) => `<tr><td>${escaped(name)}</td><td>${escaped(size)}</td></tr>`)
    .join('')
  const { quiet } = report
  writeFileSync(
    path,
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>Rehearsal of ${new Date(report.began).toISOString().slice(0, 16)}</title>
<style>body{font:15px/1.5 system-ui;max-width:1200px;margin:2rem auto;padding:0 1rem;color:#222}table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.25rem .6rem;border-bottom:1px solid #ddd}td:nth-child(n+3):nth-child(-n+8){text-align:right}.bad{background:#fbe9e7}svg{width:100%}</style>
<h1>Rehearsal</h1>
<p>${new Date(report.began).toISOString()}, ${((report.ended - report.began) / 60_000).toFixed(1)} minutes. Quiet: ${quiet.asked} requests, p50 ${quiet.p50} ms, p99 ${quiet.p99} ms. Payments: ${report.payments.made}${report.payments.broken.length === 0 ? ', each with exactly one order' : ` — ${escaped(report.payments.broken.join('; '))}`}.</p>
<table><tr><th></th><th>scenario</th><th>s</th><th>requests</th><th>failed</th><th>p50 ms</th><th>p99 ms</th><th>slowest ms</th><th></th></tr>${rows.join('')}</table>
<h2>Memory at the end</h2><table>${memory}</table>
${sections.join('')}
</html>
`,
  )
}
