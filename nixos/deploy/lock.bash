# shellcheck shell=bash
# One change at a time. The kernel gives the lock back when its holder ends, however it ends.
source "$(dirname "${BASH_SOURCE[0]}")/settings.bash"

# take_lock WHAT: waits for the lock, and says who holds it meanwhile.
take_lock() {
  mkdir -p "$deploy_dir" "$state_dir/active" "$state_dir/ways"
  exec {lock}>>"$deploy_dir/lock"
  if ! flock --nonblock "$lock"; then
    say "waiting, up to $lock_seconds s: $(cat "$deploy_dir/holder" 2>/dev/null || echo 'another change') is under way"
    flock --wait "$lock_seconds" "$lock" || fail "still held after $lock_seconds s by $(cat "$deploy_dir/holder")"
  fi
  echo "$1 by $RR_BY (process $$) since $(date -u +%FT%TZ)" >"$deploy_dir/holder"
}

# holder: who holds the lock now; empty when nobody does.
holder() {
  [[ -f $deploy_dir/lock ]] || return 0
  flock --nonblock "$deploy_dir/lock" true || cat "$deploy_dir/holder"
}
