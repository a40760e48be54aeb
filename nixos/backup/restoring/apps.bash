# shellcheck shell=bash
# The shop's programs while their data changes: away before, back after. What runs is the deploys' affair
# (nixos/deploy); here only what they started is stopped and started again.
# shellcheck source=places.bash
source "$(dirname "${BASH_SOURCE[0]}")/places.bash"
deploy_steps=$(dirname "$(realpath "${BASH_SOURCE[0]}")")/../../deploy/steps
stopped=() maintenance_is_ours=false

maintenance_on() {
  [[ -d $state_dir/ways && ! -e $state_dir/ways/maintenance ]] || return 0
  "$deploy_steps/maintenance" on
  maintenance_is_ours=true
}

# apps_away: stops what has the database open; the shop's pages stay, from what is cached.
apps_away() {
  local flag unit
  for flag in "$state_dir"/active/medusa-*; do
    unit=docker-$(basename "$flag").service
    if [[ -e $flag ]] && systemctl --quiet is-active "$unit" 2>/dev/null; then
      systemctl stop "$unit"
      stopped+=("$unit")
    fi
  done
}

# apps_again: what was stopped runs, and the shop is open.
apps_again() {
  ((${#stopped[@]} == 0)) || systemctl start "${stopped[@]}" || return 1
  stopped=()
  [[ $maintenance_is_ours == false ]] || "$deploy_steps/maintenance" off || return 1
  maintenance_is_ours=false
}

# apps_back: the release that runs may be newer than the data, so its migrations come first.
apps_back() {
  local current
  current=$(jq -r '.apps.medusa.current // empty' "$state_dir/deploy/state.json" 2>/dev/null || true)
  if [[ -n $current ]]; then
    "$deploy_steps/migrate" "$current" ||
      fail "the data is back, but the migrations of $current failed; maintenance stays on. See docs/backups.md, Restoring"
  fi
  apps_again
}

# uploads_back ARCHIVE REPLACE: product files; a newer one that is there stays, unless REPLACE is true. As the
# containers' user, whose folder it is: a link in it, or in the archive, leads to nothing that root alone may write.
uploads_back() {
  local folder=$state_dir/uploads as=() keep=(--keep-newer-files)
  # tar removes what stands in a file's place, a link too, before it writes.
  [[ $2 != true ]] || keep=()
  if [[ $(id -u) == 0 ]]; then
    as=(setpriv "--reuid=$uploads_user" "--regid=$uploads_user" --clear-groups)
    [[ -d $folder ]] || install -d -m 755 -o "$uploads_user" -g "$uploads_user" "$folder"
  else
    mkdir -p "$folder"
  fi
  zstd -qdc "$1" | (cd "$folder" && "${as[@]}" tar -x -f - --no-same-owner --same-permissions "${keep[@]}")
}
