# shellcheck shell=bash
# Sentry by its published envelope format (develop.sentry.dev/sdk/envelopes); nothing is sent without SENTRY_DSN.
source "$(dirname "${BASH_SOURCE[0]}")/settings.bash"

# envelope TYPE: sends standard input, one JSON object, as an item of that type. Fails when it was not sent.
envelope() {
  local dsn payload id code=0
  payload=$(jq -c .)
  dsn=$(setting SENTRY_DSN)
  [[ -n $dsn ]] || return 1
  [[ $dsn =~ ^(https?)://([0-9a-zA-Z]+)(:[^@]*)?@([^/]+)(/.*)?/([0-9]+)$ ]] || {
    say 'SENTRY_DSN is no address of a Sentry project: nothing was sent'
    return 1
  }
  local address=${BASH_REMATCH[1]}://${BASH_REMATCH[4]}${BASH_REMATCH[5]}/api/${BASH_REMATCH[6]}/envelope/ key=${BASH_REMATCH[2]}
  id=$(jq -r '.event_id // empty' <<<"$payload")
  {
    jq -nc --arg id "$id" --arg at "$(now)" '{sent_at: $at} + (if $id == "" then {} else {event_id: $id} end)'
    jq -nc --arg type "$1" --argjson length "$(LC_ALL=C && echo "${#payload}")" '{$type, $length}'
    printf '%s\n' "$payload"
  } | curl --silent --fail --output /dev/null --max-time "$network_seconds" --data-binary @- \
    --config <(printf 'url = %s\nheader = %s\nheader = "content-type: application/x-sentry-envelope"\n' "$(quoted "$address")" \
      "$(quoted "x-sentry-auth: Sentry sentry_version=7, sentry_client=rr-bizops/1, sentry_key=$key")") || code=$?
  ((code == 0)) || { say "Sentry was not reached (curl $code)" && return 1; }
}

# running: the release that this host serves; empty before the first, or to who may not know.
running() { jq -r '.apps.medusa.current // empty' "$state_dir/deploy/state.json" 2>/dev/null || true; }

# check_in ID JOB STATUS [SECONDS]: the state of a job (in_progress, ok or error) for Sentry's cron monitors.
check_in() {
  jq -nc --arg id "$1" --arg slug "rr-$2" --arg status "$3" --arg seconds "${4:-}" --arg release "$(running)" '
    {check_in_id: $id, monitor_slug: $slug, $status, environment: "production"}
    + (if $seconds == "" then {} else {duration: ($seconds | tonumber)} end)
    + (if $release == "" then {} else {$release} end)' | envelope check_in
}

# error_event JOB CODE: an error with standard input, scrubbed and cut by the caller, as what was said.
error_event() {
  jq -Rsc --arg id "$(identifier)" --arg job "$1" --arg code "$2" --arg release "$(running)" --arg host "$(uname -n)" '
    {event_id: $id, timestamp: (now | floor), platform: "other", level: "error", logger: "rr-job",
     environment: "production", server_name: $host, fingerprint: ["rr-job", $job],
     logentry: {formatted: "job \($job) ended with \($code)"}, tags: {$job, $code}, extra: {output: .}}
    + (if $release == "" then {} else {$release} end)' | envelope event
}
