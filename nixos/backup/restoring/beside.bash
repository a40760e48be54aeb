# shellcheck shell=bash
# A dump becomes a new database beside whatever is live, and then, by names alone, the live one. Restores,
# drills and the way back of a deploy share it, so that nothing ever loads over a database.
# The superuser makes, renames and drops databases, and opens none but `postgres`: whoever owns a database
# decides what runs for those who look into it (checks, indexes, views, the search path). What is in one is
# loaded and read as role medusa.
# shellcheck source=places.bash
source "$(dirname "${BASH_SOURCE[0]}")/places.bash"
# shellcheck source=shop.bash
source "$(dirname "${BASH_SOURCE[0]}")/shop.bash"
# shellcheck source=extensions.bash
source "$(dirname "${BASH_SOURCE[0]}")/extensions.bash"

# sql TEXT: unaligned rows, as the superuser.
sql() { as_postgres psql -XAtq -v ON_ERROR_STOP=1 -d postgres -c "$1"; }

# shop_sql TEXT DATABASE: unaligned rows, as role medusa.
shop_sql() { as_shop "$2" psql -XAtq -v ON_ERROR_STOP=1 -c "$1"; }

# exists DATABASE
exists() { [[ $(sql "SELECT count(*) FROM pg_database WHERE datname = '$1'") == 1 ]]; }

# tables DATABASE: how many; 0 where there is no such database.
tables() {
  if exists "$1"; then
    shop_sql "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
      WHERE relkind = 'r' AND nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'" "$1"
  else
    echo 0
  fi
}

# drop_database DATABASE: never the live one, whatever a caller's variable holds.
drop_database() {
  [[ $1 == "$restoring" || $1 == "$drilling" ]] || fail "$1 is no scratch database: it stays"
  ! exists "$1" || sql "DROP DATABASE \"$1\" WITH (FORCE)"
}

# load_beside DUMP DATABASE: a custom-format dump, readable by PostgreSQL's user, into a new database, by role
# medusa alone: whatever a dump brings runs as the shop, which could have run it all along.
load_beside() {
  local dump=$1 database=$2 listed there
  need_role
  listed=$(as_postgres pg_restore --list "$dump" | grep -c ' TABLE DATA ' || true)
  ((listed > 0)) || fail "$(basename "$dump") is no dump, or one without tables"
  drop_database "$database"
  # Nobody but the superuser comes in until it is role medusa's.
  sql "CREATE DATABASE \"$database\" TEMPLATE template0 CONNECTION LIMIT 0"
  sql "REVOKE CONNECT ON DATABASE \"$database\" FROM PUBLIC"
  make_extensions "$dump" "$database"
  without_made_extensions "$dump" >"$dump.contents"
  lend_all "$dump.contents"
  sql "ALTER DATABASE \"$database\" CONNECTION LIMIT -1"
  sql "ALTER DATABASE \"$database\" OWNER TO medusa"
  # What others owned becomes role medusa's: as who loads it, there is nobody else.
  as_shop "$database" pg_restore --no-owner --exit-on-error --jobs="${RR_JOBS:-$(nproc)}" --dbname="$database" \
    --use-list="$dump.contents" "$dump" ||
    fail "$(basename "$dump") does not load: it is damaged, or not ours"
  # An end without an error is no proof that anything was done.
  there=$(tables "$database")
  [[ $there == "$listed" ]] || fail "$(basename "$dump") lists $listed tables and $there are there after loading"
  # Here, too, what an index computes runs: as the shop. Tables that all databases share are not its own.
  shop_sql 'SET client_min_messages = error; ANALYZE' "$database"
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
