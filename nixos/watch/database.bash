# shellcheck shell=bash
# Questions to the shop's database, as its own role, which may be on another host. They change nothing.
source "$(dirname "${BASH_SOURCE[0]}")/settings.bash"

# sql QUERY: rows, columns separated by tabs; never longer than five seconds.
sql() {
  local password
  [[ $(cat "$secrets_dir/database-url") =~ ^postgres(ql)?://([^:@/]+):([^@/]+)@([^:/]+)(:([0-9]+))?/([^?]+) ]] || fail 'DATABASE_URL is no address of a database'
  printf -v password '%b' "${BASH_REMATCH[3]//%/\\x}"
  PGPASSWORD=$password PGUSER=${BASH_REMATCH[2]} PGHOST=${BASH_REMATCH[4]} PGPORT=${BASH_REMATCH[6]:-5432} \
    PGDATABASE=${BASH_REMATCH[7]} PGCONNECT_TIMEOUT=5 PGAPPNAME=rr-watch \
    PGOPTIONS='-c statement_timeout=5000 -c default_transaction_read_only=on' \
    psql -XAtq -F $'\t' -v ON_ERROR_STOP=1 -c "$1"
}
