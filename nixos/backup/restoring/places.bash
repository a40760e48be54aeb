# shellcheck shell=bash disable=SC2034
# Where restores, drills and the archive of WAL find and keep things. The environment may set each value:
# tests do, the host does not.

state_dir=${RR_STATE:-/var/lib/rr-bizops}
secrets_dir=${RR_SECRETS:-/run/rr-bizops}
sets_dir=${RR_BACKUPS:-/var/backup/rr-bizops}/sets
dumps_dir=$state_dir/dumps
# What the status page and the watchdogs read.
facts_dir=$state_dir/backup
# Segments of WAL, SYSTEM/NAME.zst, until they are off-site. SYSTEM is the cluster's own identifier: a new
# machine's cluster counts its segments from one again, and must not write over those of the old one.
spool_dir=${RR_WAL_SPOOL:-$state_dir/wal}
# Scratch of a restore; its user is PostgreSQL's.
work_dir=${RR_RESTORING:-$state_dir/restoring}
live=research-relay
postgres_user=${RR_POSTGRES_USER:-postgres}

say() { echo "$*" >&2; }

fail() {
  say "$*"
  exit 1
}

now() { date -u +%FT%TZ; }

# moment STAMP: a set's name as a time: 20261125T030000Z is 2026-11-25T03:00:00Z.
moment() { sed -E 's/^(....)(..)(..)T(..)(..)(..)Z$/\1-\2-\3T\4:\5:\6Z/' <<<"$1"; }

# as_postgres COMMAND…: as the user that the server takes for its superuser, by its socket.
as_postgres() {
  if [[ $(id -u) == 0 ]]; then
    setpriv --reuid="$postgres_user" --regid="$(id -g "$postgres_user")" --init-groups "$@"
  else
    "$@"
  fi
}

# fresh_folder PATH: an empty folder that PostgreSQL's user may use, and nobody else.
fresh_folder() {
  rm -rf "$1"
  mkdir -p "$1"
  chmod 700 "$1"
  [[ $(id -u) != 0 ]] || chown "$postgres_user:" "$1"
}

# lend FILE FOLDER: a copy for PostgreSQL's user; parallel loading opens it by its name. Prints its path.
lend() {
  local copy
  copy=$2/$(basename "$1")
  [[ $1 -ef $copy ]] || cp --reflink=auto "$1" "$copy"
  chmod 600 "$copy"
  [[ $(id -u) != 0 ]] || chown "$postgres_user:" "$copy"
  echo "$copy"
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
