# shellcheck shell=bash
# The shop's own role at PostgreSQL: over TCP and by password, as its containers come.
# shellcheck source=places.bash
source "$(dirname "${BASH_SOURCE[0]}")/places.bash"
# shellcheck source=../../postgresql/address.bash
source "$(dirname "${BASH_SOURCE[0]}")/../../postgresql/address.bash"
shop_url=''

# as_shop DATABASE COMMAND…: a program of PostgreSQL's against DATABASE on this host, as role medusa.
as_shop() (
  url=${shop_url:-$(cat "$secrets_dir/database-url" 2>/dev/null || true)}
  [[ -n $url ]] || fail 'DATABASE_URL is not there yet: rr-env generate, then systemctl restart rr-secrets rr-database'
  database_by_address "$url" || exit 1
  [[ $PGHOST =~ ^(127\.0\.0\.1|localhost)$ ]] || fail "the database is on $PGHOST: restores and drills run there"
  # What the role or the database itself sets is not asked.
  export PGDATABASE=$1 PGCONNECT_TIMEOUT=10 PGOPTIONS='-c search_path=pg_catalog,public'
  shift
  as_postgres "$@"
)

# need_role: role medusa is there, or it is said what makes it.
need_role() {
  [[ $(as_postgres psql -XAtqc "SELECT count(*) FROM pg_roles WHERE rolname = 'medusa'" postgres) == 1 ]] ||
    fail 'role medusa is not there yet: rr-env generate, then systemctl restart rr-secrets rr-database'
}

# shop_enters: on a new machine, whose secrets are still in the set, nobody can sign in as role medusa: it gets a
# password for this call. rr-database gives it the one of DATABASE_URL as soon as that is there.
shop_enters() {
  local password
  [[ ! -s $secrets_dir/database-url ]] || return 0
  need_role
  password=$(od -An -N 32 -t x1 /dev/urandom | tr -d ' \n')
  shop_url=postgres://medusa:$password@127.0.0.1:${PGPORT:-5432}/$live
  # By the environment: in no command line, no file and no log of statements.
  PGPASSWORD=$password as_postgres psql -XAtq -v ON_ERROR_STOP=1 -d postgres <<'SQL'
\getenv password PGPASSWORD
SET log_statement = 'none';
SET log_min_error_statement = 'panic';
SET log_min_duration_statement = -1;
SET password_encryption = 'scram-sha-256';
SELECT format('ALTER ROLE medusa LOGIN PASSWORD %L', :'password') \gexec
SQL
}
