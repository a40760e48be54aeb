// node list-migrations.mjs FOLDER…: every migration below the folders, one a line, for the image's
// /app/migrations: "NAME" or "NAME breaking". Breaking means that the release before cannot run once it
// has: it takes away or renames what that release reads. A migration says for itself, by
// `static breaksPreviousRelease = true` (or false), and otherwise its SQL is looked at.
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

/** What an older release would miss: columns, tables, types that are gone or have another name. */
const TAKES_AWAY =
  /\b(drop\s+(column|table|type)|rename\s+(column|to)|alter\s+column\s+\S+\s+type)\b/i

/** Paths of compiled migrations, wherever a package or a module keeps them. */
function* migrations(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) {
      if (entry.name !== 'node_modules' || folder.endsWith('@medusajs')) yield* migrations(path)
    } else if (/[/\\]migrations[/\\]Migration\w+\.js$/.test(path)) yield path
  }
}

/** Whether the release before breaks by this source of a migration. */
function breaks(source) {
  const said = /breaksPreviousRelease\s*=\s*(true|false)/.exec(source)
  if (said) return said[1] === 'true'
  const up = source.split(/\basync\s+down\s*\(/)[0]
  return TAKES_AWAY.test(up)
}

for (const root of process.argv.slice(2)) {
  for (const path of migrations(root)) {
    const name = relative(root, path).replace(/\.js$/, '')
    console.log(breaks(readFileSync(path, 'utf8')) ? `${name} breaking` : name)
  }
}
