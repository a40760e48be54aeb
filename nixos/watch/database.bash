# shellcheck shell=bash
# Questions to the shop's database, as its own role, which may be on another host. They change nothing.
source "$(dirname "${BASH_SOURCE[0]}")/settings.bash"
# shellcheck source=../postgresql/address.bash
source "$(dirname "${BASH_SOURCE[0]}")/../postgresql/address.bash"

# sql QUERY: rows, columns separated by tabs; never longer than five seconds.
sql() (
  database_by_address "$(cat "$secrets_dir/database-url")" || exit 1
  export PGCONNECT_TIMEOUT=5 PGAPPNAME=rr-watch
  export PGOPTIONS='-c statement_timeout=5000 -c default_transaction_read_only=on -c search_path=pg_catalog,public'
  psql -XAtq -F $'\t' -v ON_ERROR_STOP=1 -c "$1"
)
