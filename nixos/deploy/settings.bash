# shellcheck shell=bash disable=SC2034
# Where a deploy finds things and how long its steps may take. The environment may set each value: the
# rehearsal does, the host does not.

state_dir=${RR_STATE:-/var/lib/rr-bizops}
secrets_dir=${RR_SECRETS:-/run/rr-bizops}
apps_file=${RR_APPS:-/etc/rr-bizops/apps.json}

deploy_dir=$state_dir/deploy
state_file=$deploy_dir/state.json
audit_file=$deploy_dir/audit.jsonl
dump_dir=$state_dir/dumps
archive_dir=$state_dir/images

# A new generation is ready within seconds; a minute is a broken one.
ready_seconds=${RR_READY_SECONDS:-60}
# The new generation is watched this long while the old one still stands by.
watch_seconds=${RR_WATCH_SECONDS:-10}
# A new generation is warmed before visitors come, as far as this goes.
warm_seconds=${RR_WARM_SECONDS:-5}
# A migration that takes longer needs a plan of its own (docs/deploys.md).
migrate_seconds=${RR_MIGRATE_SECONDS:-300}
pull_seconds=${RR_PULL_SECONDS:-300}
# Files out of an image: a megabyte or two.
take_seconds=${RR_TAKE_SECONDS:-60}
lock_seconds=${RR_LOCK_SECONDS:-900}
# Releases of each app that stay on the disk beside the one that runs.
keep_releases=${RR_KEEP_RELEASES:-5}

# fact APP FIELD: what the host's configuration says of an app; empty when it says nothing.
fact() { jq -r --arg app "$1" ".[\$app].$2 // empty" "$apps_file"; }

# released APP FIELD: what the state says of an app's release; empty before the first.
released() { [[ ! -f $state_file ]] || jq -r --arg app "$1" ".apps[\$app].$2 // empty" "$state_file"; }

# unit APP SLOT: name of a slot, which is its container's and, after "docker-", its unit's.
unit() {
  case $1 in
    medusa) [[ $2 == worker ]] && echo medusa-worker || echo "medusa-server-$2" ;;
    storefront) echo "storefront-$2" ;;
  esac
}

other() { [[ $1 == blue ]] && echo green || echo blue; }

# address APP SLOT: where a slot listens.
address() { echo "http://127.0.0.1:$(fact "$1" "ports.$2")"; }

# ready_url APP SLOT: where a slot says whether it can serve; a worker only says that it lives.
ready_url() {
  case $1-$2 in
    medusa-worker) echo "$(address "$1" "$2")/health" ;;
    medusa-*) echo "$(address "$1" "$2")/ready" ;;
    storefront-*) echo "$(address "$1" "$2")/api/health" ;;
  esac
}

# archive APP SHA: where a release is kept out of reach of Docker's own pruning.
archive() { echo "$archive_dir/$1-$2.tar.zst"; }

# unpack APP SHA: the image of a release from its archive.
unpack() { zstd -qdc "$(archive "$1" "$2")" | docker load -q >/dev/null; }

# in_front HOST: curl options that lead to this host's own Caddy, whatever DNS says.
in_front() { echo "--connect-to $1:443:127.0.0.1:${RR_HTTPS_PORT:-443} ${RR_CURL_OPTIONS:-}"; }

# plain: standard input without what moves a terminal's cursor or ends a line, and not long: what an image or
# an app says is shown to people and to the pipeline.
plain() { head -c 500 | LC_ALL=C tr '\000-\037\177-\377' '[ *32][?*]'; }

# fetch [CURL OPTION…] URL: what an app answers, which is not trusted: no more than 4 MB of it, no protocol
# but HTTP wherever it leads, and an address is one address, whatever brackets are in it.
fetch() { curl -sS --globoff --proto =http,https --max-redirs 5 "$@" | head -c 4000000; }

say() { echo "$*" >&2; }

fail() {
  say "$*"
  exit 1
}
