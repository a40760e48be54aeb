import type { CaughtMail } from './inbox.ts'

/** Text as text within HTML, also within a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 1100px; padding: 1.5rem 1rem; }
table { width: 100%; border-collapse: collapse; }
th, td { text-align: left; padding: .5rem .75rem .5rem 0; border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent); overflow-wrap: anywhere; }
iframe { width: 100%; height: 46rem; border: 1px solid color-mix(in srgb, currentColor 30%, transparent); border-radius: 8px; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; padding: 1rem; border-radius: 8px; background: color-mix(in srgb, currentColor 7%, transparent); }
dt { font-size: .85rem; opacity: .75; } dd { margin: 0 0 .5rem; overflow-wrap: anywhere; }
`

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>${body}</body>
</html>
`
}

/** What was caught, newest first. */
export function listPage(mails: CaughtMail[]): string {
  const rows = mails.map(
    ({ id, at, to, subject }) => `<tr>
<td><time datetime="${at}">${at.slice(11, 19)}</time></td>
<td>${escapeHtml(to.join(', '))}</td>
<td><a href="/messages/${id}">${escapeHtml(subject) || '(no subject)'}</a></td>
</tr>`,
  )
  const table = `<table>
<thead><tr><th scope="col">Time (UTC)</th><th scope="col">To</th><th scope="col">Subject</th></tr></thead>
<tbody>${rows.join('\n')}</tbody>
</table>`
  return page(
    `Mail (${mails.length})`,
    `<h1>Mail</h1>
<p>What the local shop sends; nothing leaves this machine. The newest 200 are kept until the shop ends.</p>
${mails.length > 0 ? table : '<p>Nothing yet: buy something.</p>'}`,
  )
}

/** One mail: its page in a frame that may do nothing, its text, its source. */
export function mailPage(mail: CaughtMail): string {
  const facts = [
    ['From', mail.from],
    ['To', mail.to.join(', ')],
    ['Caught', mail.at],
    ['Message-ID', mail.messageId],
  ].map(([name = '', value = '']) => `<dt>${name}</dt><dd>${escapeHtml(value)}</dd>`)
  return page(
    mail.subject,
    `<p><a href="/">All mail</a></p>
<h1>${escapeHtml(mail.subject) || '(no subject)'}</h1>
<dl>${facts.join('')}</dl>
<h2>HTML</h2>
${mail.html ? `<iframe sandbox="" title="The mail's page" src="/messages/${mail.id}/html"></iframe>` : '<p>none</p>'}
<h2>Text</h2>
<pre>${escapeHtml(mail.text)}</pre>
<details><summary>Source</summary><pre>${escapeHtml(mail.source)}</pre></details>`,
  )
}
