# shellcheck shell=bash
# Extensions of a dump. Role medusa makes those that PostgreSQL trusts its database's owner with (pg_trgm and
# unaccent, which Medusa wants). What needs a superuser is made by name, from this list, in the empty database.
# shellcheck source=places.bash
source "$(dirname "${BASH_SOURCE[0]}")/places.bash"

# Each of them runs nothing that the shop has written.
superuser_extensions=(pg_stat_statements)

# made_extensions DUMP: those of the list that are in it.
made_extensions() {
  local listed name
  listed=$(as_postgres pg_restore --list "$1") || return 1
  for name in "${superuser_extensions[@]}"; do
    ! grep -qE "^[0-9]+; [0-9]+ [0-9]+ EXTENSION - $name *\$" <<<"$listed" || echo "$name"
  done
}

# make_extensions DUMP DATABASE: by the superuser, before anything of the dump is there that could run.
make_extensions() {
  local name
  for name in $(made_extensions "$1"); do
    as_postgres psql -XAtq -v ON_ERROR_STOP=1 -d "$2" -c "CREATE EXTENSION IF NOT EXISTS $name WITH SCHEMA public"
  done
}

# without_made_extensions DUMP: its list of contents without them; role medusa may not even comment on them.
without_made_extensions() {
  local made
  made=$(made_extensions "$1" | paste -sd '|')
  as_postgres pg_restore --list "$1" | grep -vE " (EXTENSION -|COMMENT - EXTENSION) (${made:-none of them}) *\$"
}
