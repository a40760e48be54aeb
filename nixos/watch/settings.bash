# shellcheck shell=bash disable=SC2034
# Where the watch finds and keeps things. The environment may set each value: tests do, the host does not.
# shellcheck source=../lib/numbers.bash
source "$(dirname "${BASH_SOURCE[0]}")/../lib/numbers.bash"
# shellcheck source=../secrets/setting.bash
source "$(dirname "${BASH_SOURCE[0]}")/../secrets/setting.bash"

state_dir=${RR_STATE:-/var/lib/rr-bizops}
secrets_dir=${RR_SECRETS:-/run/rr-bizops}
schema_file=${RR_SCHEMA:-/etc/rr-bizops/schema.json}
# Memory, for what must be kept while the disk is full.
spare_dir=${RR_SPARE:-/dev/shm/rr-watch}

# Any one answer from outside the host.
network_seconds=${RR_NETWORK_SECONDS:-10}

say() { echo "$*" >&2; }

fail() {
  say "$*"
  exit 1
}

now() { date -u +%FT%TZ; }

# identifier: 32 hex digits. Not from /proc/sys, which the units' sandboxes hide.
identifier() { od -An -N 16 -t x1 /dev/urandom | tr -d ' \n'; }

# put PATH: standard input becomes a file of the state, whole or not at all; in memory if the disk is full.
put() {
  local text root new
  text=$(</dev/stdin)
  for root in "$state_dir" "$spare_dir"; do
    new=$root/${1%/*}/.${1##*/}.$BASHPID
    if { { [[ -d ${new%/*} ]] || mkdir -p "${new%/*}"; } && printf '%s\n' "$text" >"$new" && mv "$new" "$root/$1"; } 2>/dev/null; then
      [[ $root == "$spare_dir" || ! -e $spare_dir/$1 ]] || rm -f "$spare_dir/$1"
      return 0
    fi
    rm -f "$new"
  done
  say "$1 could not be written"
  return 1
}

# get PATH: a file of the state; nothing when there is none.
get() { cat "$spare_dir/$1" 2>/dev/null || cat "$state_dir/$1" 2>/dev/null || true; }

drop() { rm -f "$spare_dir/$1" "$state_dir/$1"; }

# names FOLDER: the files of a folder of the state, sorted.
names() { { ls "$state_dir/$1" "$spare_dir/$1" 2>/dev/null || true; } | grep -E '^[A-Za-z0-9@_].*\.json$' | sort -u || true; }

# quoted TEXT: a value of curl's configuration; what stands there is in no command line.
quoted() {
  local text=${1//\\/\\\\}
  printf '"%s"' "${text//\"/\\\"}"
}

# told QUERY: what the host's configuration says, in jq's words.
told() { jq -r "$1" "${RR_WATCH_FACTS:-/etc/rr-bizops/watch.json}"; }
