import type { Block, Content } from '../content'
import { escapeHtml, safeLink } from './escape'

/** The storefront's colours; the style sheet below changes them where the reader prefers dark. */
const INK = 'color:#14322b'
const MUTED = 'color:#56685f'
const LINE = 'border-bottom:1px solid #ddd8ca'
const SANS = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
const SERIF = "font-family:Georgia,'Times New Roman',serif"

const STYLE = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
a { overflow-wrap: anywhere; }
@media (max-width: 480px) { .card { padding: 24px 18px !important; } .page .page { padding: 16px 0 !important; } .page .page > div > p { padding: 0 14px !important; } }
@media (prefers-color-scheme: dark) {
  .page { background: #0d1c18 !important; }
  .card { background: #14261f !important; border-color: #2c443b !important; }
  .ink { color: #eef3ee !important; }
  .muted { color: #b3c4ba !important; }
  .line { border-color: #2c443b !important; }
  .button { background: #a9dcc5 !important; color: #0d1c18 !important; }
  .link { color: #a9dcc5 !important; }
}`

const CELL = `padding:10px 0;vertical-align:top;${LINE}`

function items(block: Extract<Block, { kind: 'items' }>): string {
  const { columns } = block
  const head = (text: string, align: string, pad = '') =>
    `<th scope="col" class="muted line" style="${CELL};${pad}${MUTED};font-size:13px;font-weight:600;text-align:${align}">${escapeHtml(text)}</th>`
  const lines = block.lines.map(
    ({ title, detail, quantity, amount }) => `<tr>
<td class="ink line" style="${CELL};${INK};overflow-wrap:anywhere">${escapeHtml(title)}${
      detail
        ? `<br><span class="muted" style="${MUTED};font-size:14px">${escapeHtml(detail)}</span>`
        : ''
    }</td>
<td class="ink line" style="${CELL};padding-left:12px;${INK};text-align:right">${quantity}</td>
<td class="ink line" style="${CELL};padding-left:12px;${INK};text-align:right;white-space:nowrap">${escapeHtml(amount)}</td>
</tr>`,
  )
  const more = block.more
    ? `<tr><td colspan="3" class="muted line" style="${CELL};${MUTED}">${escapeHtml(block.more)}</td></tr>`
    : ''
  const sums = block.sums.map(({ name, amount, strong }) => {
    const weight = strong
      ? 'font-weight:700;font-size:17px;padding:10px 0'
      : 'font-weight:400;padding:6px 0'
    return `<tr>
<th scope="row" colspan="2" class="ink" style="${weight};${INK};text-align:left">${escapeHtml(name)}</th>
<td class="ink" style="${weight};${INK};text-align:right;white-space:nowrap">${escapeHtml(amount)}</td>
</tr>`
  })
  return `<table style="width:100%;border-collapse:collapse;margin:20px 0">
<thead><tr>${head(columns.item, 'left')}${head(columns.quantity, 'right', 'padding-left:12px;')}${head(columns.amount, 'right', 'padding-left:12px;')}</tr></thead>
<tbody>${lines.join('\n')}${more}</tbody>
<tfoot>${sums.join('\n')}</tfoot>
</table>`
}

function part(block: Block): string {
  const text = `margin:0 0 16px;${INK};overflow-wrap:anywhere`
  switch (block.kind) {
    case 'heading':
      return `<h1 class="ink" style="margin:0 0 16px;${INK};${SERIF};font-size:26px;line-height:1.25;font-weight:500">${escapeHtml(block.text)}</h1>`
    case 'paragraph':
      return `<p class="ink" style="${text}">${escapeHtml(block.text)}</p>`
    case 'facts':
      return `<dl style="margin:20px 0">${block.facts
        .map(
          ({ name, value }) =>
            `<dt class="muted" style="${MUTED};font-size:14px">${escapeHtml(name)}</dt>
<dd class="ink" style="margin:0 0 12px;${INK};font-size:17px;overflow-wrap:anywhere">${escapeHtml(value)}</dd>`,
        )
        .join('\n')}</dl>`
    case 'items':
      return items(block)
    case 'address':
      return `<h2 class="muted" style="margin:20px 0 4px;${MUTED};font-size:14px;font-weight:400">${escapeHtml(block.name)}</h2>
<p class="ink" style="${text}">${block.lines.map(escapeHtml).join('<br>')}</p>`
    case 'button': {
      const link = escapeHtml(safeLink(block.url))
      return `<p style="margin:24px 0 8px"><a class="button" href="${link}" style="display:inline-block;padding:13px 22px;border-radius:8px;background:#1d5c4d;color:#ffffff;font-weight:600;text-decoration:none">${escapeHtml(block.text)}</a></p>
<p class="muted" style="margin:0 0 20px;${MUTED};font-size:13px;overflow-wrap:anywhere"><a class="link" href="${link}" style="color:#1d5c4d">${link}</a></p>`
    }
  }
}

/** A mail as one HTML page: no picture, no script, nothing that is loaded from elsewhere. */
export function htmlOf(content: Content): string {
  const { language, subject, preview, blocks, footer } = content
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(subject)}</title>
<style>${STYLE}</style>
</head>
<body class="page" style="margin:0;padding:0;background:#fbf8f1">
<div style="display:none;max-height:0;overflow:hidden">${escapeHtml(preview)}</div>
<div class="page" lang="${language}" style="padding:24px 12px;background:#fbf8f1;${SANS};font-size:16px;line-height:1.5">
<div style="max-width:600px;margin:0 auto">
<p class="ink" style="margin:0 0 12px;padding:0 4px;${INK};${SERIF};font-size:20px">Research Relay</p>
<main class="card" style="padding:32px;border:1px solid #ddd8ca;border-radius:12px;background:#ffffff">
${blocks.map(part).join('\n')}
</main>
<p class="muted" style="margin:16px 4px;${MUTED};font-size:13px">${escapeHtml(footer)}</p>
</div>
</div>
</body>
</html>
`
}
