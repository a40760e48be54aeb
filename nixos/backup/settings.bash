# shellcheck shell=bash disable=SC2034
# What a night keeps to. The environment may set each value: tests do, the host does not.
# shellcheck source=nixos/backup/restoring/places.bash
source "$(dirname "${BASH_SOURCE[0]}")/restoring/places.bash"

backups_dir=${RR_BACKUPS:-/var/backup/rr-bizops}
env_file=${RR_ENV_FILE:-/etc/rr-bizops/.env}

# Sets that stay on this disk: yesterday's is there when the network is not.
keep_here=3
# Off-site: all of the last 30 days, and seven whole ones whatever the clock says.
keep_days=30
keep_whole=7
# A night adds one set; more than three to hide at once is a clock that ran away.
hide_at_most=3

dump_seconds=${RR_DUMP_SECONDS:-1800}
upload_seconds=${RR_UPLOAD_SECONDS:-7200}
# A dump or a number of orders below this part of the last good one is refused.
shrink_percent=50
# Without these it is not the shop.
shop_tables=(customer mikro_orm_migrations order payment product)

# moment_of_night: seconds since 1970; the tests set their own.
moment_of_night() { echo "${RR_NOW:-$(date +%s)}"; }

# at SECONDS: as the facts have it; stamp_of SECONDS: as sets are named.
at() { date -u -d "@$1" +%FT%TZ; }
stamp_of() { date -u -d "@$1" +%Y%m%dT%H%M%SZ; }

# bytes_of FOLDER: of the files that lie in it.
bytes_of() { find "$1" -maxdepth 1 -type f -printf '%s\n' | awk '{ n += $1 } END { print n + 0 }'; }

# free_bytes FOLDER
free_bytes() { df -B1 --output=avail "$1" | tail -n 1 | tr -d ' '; }

# whole_here: stamps of the sets on this disk, oldest first.
whole_here() { { cd "$sets_dir" 2>/dev/null && find . -mindepth 2 -maxdepth 2 -name SHA256SUMS -printf '%h\n'; } | sed 's#^\./##' | grep -E '^[0-9]{8}T[0-9]{6}Z$' | sort || true; }

# last_made: the set that the last good night made, whatever the clock said then; empty before the first.
last_made() {
  local set
  set=$(jq -r '.set // empty' "$facts_dir/last.json" 2>/dev/null || true)
  if [[ -n $set && -f $sets_dir/$set/SHA256SUMS ]]; then echo "$set"; else whole_here | tail -n 1; fi
}
