# shellcheck shell=bash
# What runs, for a person and for the pipeline.
source "$(dirname "${BASH_SOURCE[0]}")/settings.bash"

# health APP: what the app's own slot answers now.
health() {
  local slot answer
  slot=$(released "$1" slot)
  [[ -n $slot ]] || { echo 'not deployed'; return; }
  answer=$(fetch --max-time 5 "$(ready_url "$1" "$slot")" 2>/dev/null) || { echo 'no answer'; return; }
  # One word, since people and the pipeline read it.
  jq -er '.status | strings | select(test("^[a-z-]{1,20}$"))' <<<"$answer" 2>/dev/null || echo 'strange answer'
}

# status [--json]: exit code 1 when an app is not healthy.
status() {
  local json
  json=$(
    for app in medusa storefront; do
      jq -n --arg app "$app" --arg health "$(health "$app")" --arg pin "$(fact "$app" pin)" \
        --argjson release "$(if [[ -f $state_file ]]; then jq --arg app "$app" '.apps[$app] // {}' "$state_file"; else echo '{}'; fi)" \
        '{($app): ($release + {$health, rules: (if $pin == "" then "deploys" else "the pin \($pin) in the host'"'"'s configuration" end),
          pin: (if $pin == "" then null else $pin end)})}'
    done | jq -s --arg holder "$(holder)" --argjson maintenance "$(in_maintenance)" \
      '{apps: add, lock: (if $holder == "" then null else $holder end), maintenance: $maintenance}'
  )
  if [[ ${1:-} == --json ]]; then
    echo "$json"
  else
    jq -r '(if .maintenance then "MAINTENANCE is on\n" else "" end)
      + (if .lock then "under way: \(.lock)\n" else "" end)
      + (.apps | to_entries | map("\(.key)\n  runs      \(.value.current // "nothing")\n  since     \(.value.since // "-") by \(.value.by // "-")\n  before    \(.value.previous // "-")\n  slot      \(.value.slot // "-")\n  health    \(.value.health)\n  ruled by  \(.value.rules)") | join("\n"))' <<<"$json"
  fi
  jq -e '[.apps[] | .health == "ready" or .health == "degraded" or .health == "ok" or .health == "not deployed"] | all' <<<"$json" >/dev/null
}

# in_maintenance: true or false.
in_maintenance() { [[ -e $state_dir/ways/maintenance ]] && echo true || echo false; }

# history [APP]: a line for each change.
history() {
  [[ -f $audit_file ]] || return 0
  jq -r --arg app "${1:-}" 'select($app == "" or .app == $app)
    | [.at, .what, .app // "-", (.from // "-")[:12], "->", (.to // "-")[:12], "\(.seconds) s", "by \(.by)"] | join("  ")' "$audit_file"
}
