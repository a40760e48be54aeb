# shellcheck shell=bash
# Where DATABASE_URL leads, for the programs of PostgreSQL: by their environment, so that the password is
# in no command line.

# database_by_address URL: exports PGHOST, PGPORT, PGUSER, PGPASSWORD and PGDATABASE.
database_by_address() {
  [[ $1 =~ ^postgres(ql)?://([^:@/]+):([^@/]+)@([^:/]+)(:([0-9]+))?/([^?]+) ]] || {
    echo 'DATABASE_URL is no address of a database' >&2
    return 1
  }
  printf -v PGPASSWORD '%b' "${BASH_REMATCH[3]//%/\\x}"
  export PGPASSWORD PGUSER=${BASH_REMATCH[2]} PGHOST=${BASH_REMATCH[4]} PGPORT=${BASH_REMATCH[6]:-5432} PGDATABASE=${BASH_REMATCH[7]}
}
