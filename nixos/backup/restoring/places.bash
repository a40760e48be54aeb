# shellcheck shell=bash disable=SC2034
# Where restores, drills and the archive of WAL find and keep things. The environment may set each value:
# tests do, the host does not.
# shellcheck source=../../lib/numbers.bash
source "$(dirname "${BASH_SOURCE[0]}")/../../lib/numbers.bash"

state_dir=${RR_STATE:-/var/lib/rr-bizops}
secrets_dir=${RR_SECRETS:-/run/rr-bizops}
sets_dir=${RR_BACKUPS:-/var/backup/rr-bizops}/sets
dumps_dir=$state_dir/dumps
# What the status page and the watchdogs read.
facts_dir=$state_dir/backup
# Segments of WAL, SYSTEM/NAME.zst, until they are off-site. SYSTEM is the cluster's own identifier: a new
# machine's cluster counts its segments from one again, and must not write over those of the old one.
spool_dir=${RR_WAL_SPOOL:-$state_dir/wal}
# Scratch of a restore: root's own, so that nobody else can plant a link in it.
work_dir=${RR_RESTORING:-$state_dir/restoring}
live=research-relay
# What a restore and a drill load beside it; pg_hba lets role medusa into these three and no other.
restoring=rr-restoring
drilling=rr-drill
postgres_user=${RR_POSTGRES_USER:-postgres}
# The shop's containers run as it and own the product files.
uploads_user=1000

say() { echo "$*" >&2; }

fail() {
  say "$*"
  exit 1
}

now() { date -u +%FT%TZ; }

# moment STAMP: a set's name as a time: 20261125T030000Z is 2026-11-25T03:00:00Z.
moment() { sed -E 's/^(....)(..)(..)T(..)(..)(..)Z$/\1-\2-\3T\4:\5:\6Z/' <<<"$1"; }

# as_postgres COMMAND…: as the user that the server takes for its superuser, by its socket. What this process
# knows of off-site does not go along: that user can read the environment of all that runs as it.
as_postgres() (
  if [[ $(id -u) != 0 ]]; then exec "$@"; fi
  while read -r name; do
    [[ $name =~ ^(PG[A-Z]+|PATH|LANG|LC_[A-Z]+|TZ)$ ]] || export -n "${name?}"
  done < <(compgen -e)
  exec setpriv --reuid="$postgres_user" --regid="$(id -g "$postgres_user")" --init-groups "$@"
)

# fresh_folder PATH: an empty folder of our own, through which PostgreSQL's user comes to what is lent to it.
fresh_folder() {
  rm -rf "$1"
  mkdir -p "$1"
  chmod 711 "$1"
}

# server_folder PATH: an empty folder of PostgreSQL's user in one of our own. From here on only as_postgres
# writes into it: a link that lies in it could lead anywhere, and root would follow.
server_folder() {
  rm -rf "$1"
  mkdir -m 700 "$1"
  [[ $(id -u) != 0 ]] || chown --no-dereference "$postgres_user:" "$1"
}

# lend FILE FOLDER: FILE in FOLDER, our own, for PostgreSQL's user to read; parallel loading opens it by its
# name. Prints its path.
lend() {
  local copy
  copy=$2/$(basename "$1")
  [[ $1 -ef $copy ]] || cp --reflink=auto "$1" "$copy"
  lend_all "$copy"
  echo "$copy"
}

# lend_all PATH: a file or a folder of our own, and all in it, for PostgreSQL's user to read.
lend_all() {
  [[ $(id -u) != 0 ]] || chown --recursive --no-dereference "root:$(id -g "$postgres_user")" "$1"
  chmod --recursive u=rwX,g=rX,o= "$1"
}

# mark_spool FILE: standard input becomes a file of the spool, by rename. The spool is PostgreSQL's user's.
mark_spool() {
  # shellcheck disable=SC2016 # the other shell's
  as_postgres bash -euc 'cat >"$1.part"; mv --no-target-directory "$1.part" "$1"' mark_spool "$1"
}

# write_fact NAME: standard input becomes a file for the status page, whole or not at all.
write_fact() {
  mkdir -p "$facts_dir"
  cat >"$facts_dir/.$1.part"
  mv "$facts_dir/.$1.part" "$facts_dir/$1"
}

# step NAME COMMAND…: one line when a step has ended, with its seconds. One that fails ends the script, and
# `failed_step` at its end says which it was.
step() {
  local began=$EPOCHREALTIME
  at_step=$1
  shift
  "$@"
  printf '✓ %-28s %6.1f s\n' "$at_step" "$(seconds_since "$began")" >&2
  at_step=''
}

failed_step() { [[ -z ${at_step:-} ]] || printf '✗ %s\n' "$at_step" >&2; }

# seconds_since EPOCHREALTIME: with one digit.
seconds_since() { awk "BEGIN { printf \"%.1f\", $EPOCHREALTIME - $1 }"; }
