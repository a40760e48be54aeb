# shellcheck shell=bash
# What the host knows of its releases. The state is replaced whole, the audit trail only grows.
source "$(dirname "${BASH_SOURCE[0]}")/settings.bash"

# read_standard_input: the token for the registry and who asked, two lines, both optional.
read_standard_input() {
  local token by
  [[ ! -t 0 ]] || return 0
  IFS= read -r -t 5 token || true
  IFS= read -r -t 1 by || true
  # Lives in this process and its steps alone: in no file and no command line.
  export RR_TOKEN=${token:-}
  # A name is shown, never evaluated; still only what a name has.
  [[ ! ${by:-} =~ ^[A-Za-z0-9\ ._/#:@-]{1,100}$ ]] || RR_BY=$by
}

# record_release APP SHA SLOT DIGEST CHANGE DUMP: what runs now, and what ran before.
record_release() {
  local new
  new=$(mktemp "$deploy_dir/.state.XXXXXX")
  { cat "$state_file" 2>/dev/null || echo '{"apps":{}}'; } | jq --arg app "$1" --arg sha "$2" --arg slot "$3" --arg digest "$4" --arg change "$5" --arg dump "$6" \
    --arg by "$RR_BY" --arg since "$(date -u +%FT%TZ)" --argjson keep "$keep_releases" '
    (.apps[$app] // {}) as $old
    | ([$old.current // empty] + ($old.earlier // []) | map(select(. != $sha)) | reduce .[] as $x ([]; if index($x) then . else . + [$x] end))
      as $earlier
    | .apps[$app] = {current: $sha, slot: $slot, digest: $digest, since: $since, by: $by,
        change: $change, dump: (if $dump == "" then null else $dump end),
        previous: ($old.current // null), earlier: $earlier[:$keep]}' >"$new"
  chmod 644 "$new"
  sync "$new"
  mv "$new" "$state_file"
}

# audit WHAT APP FROM TO SECONDS DUMP: one line of the trail.
audit() {
  jq -nc --arg at "$(date -u +%FT%TZ)" --arg by "$RR_BY" --arg what "$1" --arg app "$2" --arg from "$3" --arg to "$4" \
    --argjson seconds "$5" --arg dump "$6" --arg group "${group:-}" \
    '{$at, $by, $what, $app, $from, $to, $seconds, $dump, $group} | with_entries(select(.value != ""))' >>"$audit_file"
}

# last_deployed: the apps that the last successful call of deploy has changed.
last_deployed() {
  [[ -f $audit_file ]] || return 0
  jq -rs '[.[] | select(.what == "deployed")] | (last.group // "") as $group
    | [.[] | select(.group == $group) | .app] | unique | .[]' "$audit_file"
}
