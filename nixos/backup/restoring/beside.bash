# shellcheck shell=bash
# A dump becomes a new database beside whatever is live, and then, by names alone, the live one. Restores,
# drills and the way back of a deploy share it, so that nothing ever loads over a database.
# shellcheck source=places.bash
source "$(dirname "${BASH_SOURCE[0]}")/places.bash"

# sql TEXT [DATABASE]: unaligned rows.
sql() { as_postgres psql -XAtq -v ON_ERROR_STOP=1 -d "${2:-postgres}" -c "$1"; }

# exists DATABASE
exists() { [[ $(sql "SELECT count(*) FROM pg_database WHERE datname = '$1'") == 1 ]]; }

# tables DATABASE: how many; 0 where there is no such database.
tables() {
  if exists "$1"; then
    sql "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
      WHERE relkind = 'r' AND nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'" "$1"
  else
    echo 0
  fi
}

# drop_database DATABASE: never the live one, whatever a caller's variable holds.
drop_database() {
  [[ $1 == rr-restoring || $1 =~ ^rr_drill_[0-9a-f]{8}$ ]] || fail "$1 is no scratch database: it stays"
  ! exists "$1" || sql "DROP DATABASE \"$1\" WITH (FORCE)"
}

# load_beside DUMP DATABASE: a custom-format dump, readable by PostgreSQL's user, into a new database.
load_beside() {
  local dump=$1 database=$2 listed there
  [[ $(sql "SELECT count(*) FROM pg_roles WHERE rolname = 'medusa'") == 1 ]] ||
    fail 'role medusa is not there yet: rr-env generate, then systemctl restart rr-secrets rr-database'
  listed=$(as_postgres pg_restore --list "$dump" | grep -c ' TABLE DATA ' || true)
  ((listed > 0)) || fail "$(basename "$dump") is no dump, or one without tables"
  drop_database "$database"
  sql "CREATE DATABASE \"$database\" OWNER medusa TEMPLATE template0"
  # Not PUBLIC's either while it is loaded.
  sql "REVOKE CONNECT ON DATABASE \"$database\" FROM PUBLIC"
  as_postgres pg_restore --exit-on-error --jobs="${RR_JOBS:-$(nproc)}" --dbname="$database" "$dump" ||
    fail "$(basename "$dump") does not load: it is damaged, or not ours"
  # An end without an error is no proof that anything was done.
  there=$(tables "$database")
  [[ $there == "$listed" ]] || fail "$(basename "$dump") lists $listed tables and $there are there after loading"
  sql 'ANALYZE' "$database"
}

# put_in_place DATABASE KEPT: DATABASE becomes the live one; what was live, if anything, becomes KEPT. Both
# names change in one transaction, so at no moment is there a host without a database.
put_in_place() {
  local swap=(--command="ALTER DATABASE \"$1\" RENAME TO \"$live\"")
  ! exists "$live" || swap=(--command="ALTER DATABASE \"$live\" RENAME TO \"$2\"" "${swap[@]}")
  for _ in {1..5}; do
    # Who comes back between the two is ended by the next try.
    sql "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname IN ('$live', '$1')" >/dev/null
    if as_postgres psql -XAtq -v ON_ERROR_STOP=1 -d postgres --single-transaction "${swap[@]}"; then
      return 0
    fi
  done
  fail "$live could not be renamed: it is in use, and stays as it was"
}
