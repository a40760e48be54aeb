# From the SQL of a dump, what stands in it, as JSON objects to be added up: rows of each table of schema
# public, the names of migrations, the newest order. Fails when the end that pg_restore writes is missing.
# COPY's text keeps tabs and line ends inside values escaped, so a line is a row and a tab ends a column.
function quoted(text) { gsub(/\\/, "\\\\", text); gsub(/"/, "\\\"", text); return "\"" text "\"" }
BEGIN { FS = "\t" }
!table && /^COPY public\./ {
  split($0, words, " ")
  table = words[2]
  sub(/^public\./, "", table)
  gsub(/"/, "", table)
  rows[table] = 0
  columns = $0
  sub(/^[^(]*\(/, "", columns)
  sub(/\) FROM stdin;$/, "", columns)
  count = split(columns, names, ", ")
  for (i = 1; i <= count; i++) column[table, names[i]] = i
  next
}
table && $0 == "\\." { table = ""; next }
table {
  rows[table]++
  if (table == "mikro_orm_migrations") migrations = migrations (migrations ? "," : "") quoted($(column[table, "name"]))
  if (table == "order" && $(column[table, "created_at"]) > newest) newest = $(column[table, "created_at"])
  next
}
/^-- PostgreSQL database dump complete/ { whole = 1 }
END {
  if (!whole || table) exit 1
  for (name in rows) list = list (list ? "," : "") quoted(name) ":" rows[name]
  # 2026-11-25 02:03:04.5+00 as ISO 8601.
  if (newest) { sub(/ /, "T", newest); sub(/\+00$/, "Z", newest) }
  printf "{\"tables\":{%s},\"migrations\":[%s],\"newestOrder\":%s}\n", list, migrations, newest ? quoted(newest) : "null"
}
