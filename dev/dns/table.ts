/** A cell is a list of lines. */
export type Cell = readonly string[]

const GAP = '  '

/** Columns as wide as their longest line, a row as high as its highest cell; no trailing spaces. */
export function table(headers: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const all = [headers.map((header) => [header]), ...rows]
  const widths = headers.map((_, column) =>
    Math.max(...all.flatMap((row) => (row[column] ?? []).map((line) => line.length))),
  )
  const lines = all.map((row) => {
    const height = Math.max(...row.map((cell) => cell.length))
    return Array.from({ length: height }, (_, line) =>
      widths
        .map((width, column) => (row[column]?.[line] ?? '').padEnd(width))
        .join(GAP)
        .trimEnd(),
    ).join('\n')
  })
  const rule = widths.map((width) => '-'.repeat(width)).join(GAP)
  return [lines[0], rule, ...lines.slice(1)].join('\n')
}
