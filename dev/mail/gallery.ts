import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { escapeHtml } from './page.ts'

const ROOT = join(import.meta.dirname, '../..')
/** As wide as a small phone and as the mail's own card with its margin. */
const WIDTHS = { phone: 375, desk: 680 }

interface Rendered {
  subject: string
  html: string
  text: string
}

/** The backend's mails: its sources are CommonJS, which Node loads through ts-node as Medusa does. */
function backend() {
  const require = createRequire(join(ROOT, 'app/package.json'))
  require('ts-node').register({ transpileOnly: true, cwd: join(ROOT, 'app') })
  const { MAIL_KINDS, renderMail } = require('./src/mails/render.ts')
  const { samples } = require('./src/mails/samples.ts')
  return (MAIL_KINDS as string[]).flatMap((kind) =>
    (['en', 'de'] as const).map((language) => ({
      kind,
      language,
      mail: renderMail(kind, samples[kind], language) as Rendered,
    })),
  )
}

const DARK = '@media (prefers-color-scheme: dark)'

/** A mail's page as a reader sees it who prefers light or dark, whatever the one who looks at the gallery prefers. */
function seenIn(scheme: 'light' | 'dark', { html }: Rendered): string {
  if (!html.includes(DARK)) throw new Error('a mail has no style for the dark')
  return html
    .replace(DARK, scheme === 'dark' ? '@media all' : '@media not all')
    .replaceAll('color-scheme: light dark', `color-scheme: ${scheme}`)
}

/** One view of a mail; its scripts, if it had any, would not run. */
function frame(kind: string, mail: Rendered, scheme: 'light' | 'dark', width: number): string {
  return `<figure><figcaption>${scheme}, ${width} px</figcaption>
<iframe sandbox="" title="${escapeHtml(`${kind}, ${scheme}`)}" width="${width}" srcdoc="${escapeHtml(seenIn(scheme, mail))}"></iframe></figure>`
}

const STYLE = `
:root { font: 15px/1.5 system-ui, sans-serif; color: #222; background: #e9e9e6; }
body { margin: 0; padding: 1.5rem; }
nav { columns: 4 14rem; margin-bottom: 2rem; }
nav a { display: block; color: inherit; }
section { margin-bottom: 3rem; }
.views { display: flex; gap: 1rem; overflow-x: auto; padding-bottom: 1rem; }
figure { margin: 0; flex: none; }
figcaption { font-size: .8rem; }
iframe { height: 1080px; border: 1px solid #999; border-radius: 6px; background: Canvas; }
pre { margin: 0; flex: none; width: 75ch; height: 1048px; overflow: auto; padding: 1rem; background: #fff; border: 1px solid #999; border-radius: 6px; white-space: pre-wrap; overflow-wrap: anywhere; font-size: 13px; }
`

/** `npm run mails`: every mail in both languages on one page, and each in files of its own. */
function main(): void {
  const folder = join(ROOT, '.data/mails')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const all = backend()
  for (const { kind, language, mail } of all) {
    writeFileSync(join(folder, `${kind}.${language}.html`), mail.html)
    writeFileSync(join(folder, `${kind}.${language}.txt`), mail.text)
  }
  const sections = all.map(
    ({ kind, language, mail }) => `<section id="${kind}-${language}">
<h2>${kind} (${language})</h2>
<p>${escapeHtml(mail.subject)}</p>
<div class="views">
${frame(kind, mail, 'light', WIDTHS.desk)}
${frame(kind, mail, 'light', WIDTHS.phone)}
${frame(kind, mail, 'dark', WIDTHS.phone)}
<figure><figcaption>text</figcaption><pre>${escapeHtml(mail.text)}</pre></figure>
</div>
</section>`,
  )
  const links = all.map(
    ({ kind, language }) => `<a href="#${kind}-${language}">${kind} (${language})</a>`,
  )
  const file = join(folder, 'index.html')
  writeFileSync(
    file,
    `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Mails</title><style>${STYLE}</style></head>
<body><h1>${all.length} mails</h1><nav>${links.join('\n')}</nav>${sections.join('\n')}</body>
</html>
`,
  )
  console.log(`${all.length} mails: ${file}`)
}

main()
