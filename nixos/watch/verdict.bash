# shellcheck shell=bash
# How a check says what it found: a line for each thing it looked at. The key is the check's name, or
# begins with it and "-". `watch` makes alarms of them; a check that prints nothing, fails or hangs is one, too.
source "$(dirname "${BASH_SOURCE[0]}")/settings.bash"

# Without control characters, which a terminal would obey.
verdict() { printf '%s\t%s\t%s\n' "$1" "$2" "${3//[[:cntrl:]]/ }"; }

# well KEY TEXT: as it should be.
well() { verdict well "$@"; }
# note KEY TEXT: `status` shows it in yellow, and nobody is woken.
note() { verdict note "$@"; }
# twice KEY TEXT: wrong only if the round before said so, too: what may end by itself.
twice() { verdict twice "$@"; }
# wrong KEY TEXT: an alarm.
wrong() { verdict wrong "$@"; }

# skip_unless PART KEY: ends the check on a host that is told to have no such part.
skip_unless() {
  local there
  there=$(told ".$1")
  case $there in
    true) ;;
    false) well "$2" 'not on this host' && exit 0 ;;
    *) fail "the host's configuration does not say whether it has $1" ;;
  esac
}

# skip_until_deployed KEY: ends the check before the first deploy, when there are neither tables nor visitors.
skip_until_deployed() { [[ -e $state_dir/deploy/state.json ]] || { well "$1" 'nothing is deployed yet' && exit 0; }; }

# before NAME: what this check kept in the last round; an empty object the first time.
before() { get "watch/$1.json" | jq -c 'objects' 2>/dev/null | grep . || echo '{}'; }

# key TEXT: as a part of a key.
key() { sed -E 's#^/$#root#; s#^/##; s#[^A-Za-z0-9@_.-]#-#g' <<<"$1" | cut -c1-80; }

# for_people SECONDS
for_people() {
  local s=$1
  if ((s < 120)); then echo "$s s"; elif ((s < 7200)); then echo "$((s / 60)) min"; elif ((s < 172800)); then echo "$((s / 3600)) h"; else echo "$((s / 86400)) days"; fi
}

# age TIME: seconds since an ISO time.
age() { echo "$(($(date +%s) - $(date -d "$1" +%s)))"; }
