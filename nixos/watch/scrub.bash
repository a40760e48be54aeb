# shellcheck shell=bash
# Takes secrets out of text before it is kept or leaves the host.
source "$(dirname "${BASH_SOURCE[0]}")/settings.bash"

# known_secrets: NAME=value of everything that the host's parts keep for themselves.
known_secrets() {
  local name file
  # The host's own share goes out whole: addresses of people and of buckets, too.
  cat "$secrets_dir/host.env" 2>/dev/null || true
  for file in "$secrets_dir"/{medusa,storefront}.env; do
    [[ ! -r $file ]] || awk -F= 'NR == FNR { secret[$0]; next } $1 in secret' \
      <(jq -r '.[] | select(.secret) | .name' "$schema_file" 2>/dev/null || true) "$file"
  done
  # A unit of another user sees the host's share only as its environment.
  for name in $(jq -r '.[] | select(.parts | index("host")) | .name' "$schema_file" 2>/dev/null || true); do
    [[ -z ${!name:-} ]] || printf '%s=%s\n' "$name" "${!name}"
  done
}

# scrub: standard input, with [NAME] where the value of NAME stood.
scrub() {
  local text line name value plain
  text=$(cat)
  while IFS= read -r line; do
    name=${line%%=*} value=${line#*=}
    # Shorter values are words of every sentence.
    ((${#value} >= 6)) || continue
    text=${text//"$value"/[$name]}
    if [[ $value =~ ://([^:@/]*):([^@/]+)@ ]] && plain=${BASH_REMATCH[2]} && ((${#plain} >= 6)); then
      text=${text//"$plain"/[$name]}
      printf -v plain '%b' "${plain//%/\\x}"
      text=${text//"$plain"/[$name]}
    fi
  done < <(known_secrets | sort -u | awk '{ print length($0) - index($0, "=") "\t" $0 }' | sort -rn | cut -f2-)
  # A password in any address, known or not.
  sed -E 's#(://[^:/@ ]*):[^@/ ]+@#\1:[password]@#g' <<<"$text"
}
