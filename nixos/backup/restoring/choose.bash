# shellcheck shell=bash
# Which set a restore means, out of those that are here and off-site.
# shellcheck source=offsite.bash
source "$(dirname "${BASH_SOURCE[0]}")/offsite.bash"

# sets: the stamps of all whole sets, here and off-site, oldest first. A place that cannot be asked is said.
sets() {
  local far
  if ! far=$(offsite_sets 2>/dev/null); then
    say 'WARNING: off-site cannot be read; only what is on this machine is known'
    far=''
  fi
  { echo "$far"; local_sets || true; } | grep . | sort -u || true
}

# set_named newest|STAMP|DATE: its stamp; of a date the newest of that day.
set_named() {
  local all day
  all=$(sets)
  [[ -n $all ]] || fail 'there is no set, neither here nor off-site'
  case $1 in
    newest) tail -n 1 <<<"$all" ;;
    ????????T??????Z) grep -x "$1" <<<"$all" || fail "there is no set $1: rr-restore list" ;;
    *)
      day=$(date -u -d "$1" +%Y%m%d 2>/dev/null) || fail "no set, no date and no file: $1"
      grep "^$day" <<<"$all" | tail -n 1 | grep . || fail "there is no set of $1: rr-restore list"
      ;;
  esac
}

# set_before newest|MOMENT: the newest set with a base backup that began before the moment.
set_before() {
  local latest=99999999T999999Z all
  [[ $1 == newest ]] || latest=$(date -u -d "$1" +%Y%m%dT%H%M%SZ)
  all=$(sets | with_base)
  awk -v latest="$latest" '$1 < latest' <<<"$all" | tail -n 1 | grep . ||
    fail "there is no base backup from before $1$([[ -z $all ]] || echo ": the oldest began at $(moment "$(head -n 1 <<<"$all")")")"
}

# in_set STAMP FILE: whether the set has it.
in_set() {
  local names
  if [[ -f $sets_dir/$1/SHA256SUMS ]]; then
    [[ -f $sets_dir/$1/$2 ]]
  else
    # Not by a pipe: a grep that stops early ends rclone with an error, and the file would count as missing.
    names=$(offsite lsf "offsite:sets/$1") || fail "the set $1 cannot be listed"
    grep -qx "$2" <<<"$names"
  fi
}

# age MOMENT: in words.
age() {
  local seconds=$(($(date +%s) - $(date -d "$1" +%s)))
  if ((seconds < 3600)); then
    echo "$((seconds / 60)) min $((seconds % 60)) s old"
  elif ((seconds < 172800)); then
    echo "$((seconds / 3600)) h $((seconds % 3600 / 60)) min old"
  else
    echo "$((seconds / 86400)) days old"
  fi
}

# list_all: what rr-restore can go back to.
list_all() {
  local stamp all based here far='' where
  all=$(sets) based=$(with_base <<<"$all")
  here=$(local_sets || true)
  far=$(offsite_sets 2>/dev/null || true)
  echo 'sets (rr-restore STAMP)'
  for stamp in $(tac <<<"$all"); do
    where=$({ ! grep -qx "$stamp" <<<"$here" || echo here; ! grep -qx "$stamp" <<<"$far" || echo off-site; } | paste -sd, | sed 's/,/ and /')
    printf '  %s  %-18s %-18s %s\n' "$stamp" "$(age "$(moment "$stamp")")" "$where" "$(! grep -qx "$stamp" <<<"$based" || echo 'with base')"
  done
  echo 'any moment (rr-restore --until MOMENT)'
  if [[ -n $based ]]; then
    echo "  from $(moment "$(head -n 1 <<<"$based")") to $(jq -r '.at // "the newest segment off-site"' "$facts_dir/wal.json" 2>/dev/null || echo 'the newest segment off-site')"
  else
    echo '  there is no base backup'
  fi
  echo 'dumps of deploys, from before a migration (rr-restore FILE; rr-deploy rollback medusa --restore takes the last)'
  find "$dumps_dir" -name '*.dump' -printf '  %f  %s bytes\n' 2>/dev/null | sort -r
}
