# shellcheck shell=bash
# Reading what lies off-site, by the remote that ../remote.bash declares.
# shellcheck source=places.bash
source "$(dirname "${BASH_SOURCE[0]}")/places.bash"
# shellcheck source=../remote.bash
source "$(dirname "${BASH_SOURCE[0]}")/../remote.bash"

# A whole set comes within minutes; a network that hangs must not hold a restore for ever.
download_seconds=${RR_DOWNLOAD_SECONDS:-3600}

# offsite SUBCOMMAND…: rclone, that gives up a connection which hangs.
offsite() { timeout "$download_seconds" rclone --contimeout 15s --timeout 60s --low-level-retries 5 --retries 2 "$@"; }

# whole_sets: from a listing of STAMP/FILE lines, the stamps of sets that have all a restore needs, oldest first.
whole_sets() {
  awk -F/ 'NF == 2 && $1 ~ /^[0-9]+T[0-9]+Z$/ && $2 ~ /^(database.dump|manifest.json|SHA256SUMS)$/ { n[$1]++ }
    END { for (s in n) if (n[s] == 3) print s }' | sort
}

offsite_sets() { offsite lsf -R --files-only offsite:sets | whole_sets; }

local_sets() { { cd "$sets_dir" 2>/dev/null && find . -mindepth 2 -maxdepth 2 -type f -printf '%P\n'; } | whole_sets; }

# with_base: of the stamps on standard input, those whose set off-site, or here, has a base backup.
with_base() {
  local listing stamp
  listing=$({ offsite lsf -R --files-only offsite:sets 2>/dev/null || true; } | grep '/base.tar.zst$' || true)
  while read -r stamp; do
    [[ ! -f $sets_dir/$stamp/base.tar.zst ]] && ! grep -qx "$stamp/base.tar.zst" <<<"$listing" || echo "$stamp"
  done
}

# bring STAMP FOLDER FILE…: files of a set, from here or from off-site, each with the checksum that the set
# names. Prints where they came from.
bring() {
  local stamp=$1 folder=$2 from=offsite file files
  shift 2
  files=$(printf '%s\n' SHA256SUMS manifest.json "$@")
  if [[ -f $sets_dir/$stamp/SHA256SUMS ]]; then
    from=local
    while read -r file; do cp --reflink=auto "$sets_dir/$stamp/$file" "$folder/$file" || return 1; done <<<"$files"
  else
    offsite copy --files-from-raw - "offsite:sets/$stamp" "$folder" <<<"$files" || return 1
  fi
  while read -r file; do
    [[ $file != SHA256SUMS ]] || continue
    # sha256sum says nothing of a file that its list does not name.
    [[ -f $folder/$file ]] || { say "the set $stamp has no $file"; return 1; }
    awk -v file="$file" '$2 == file || $2 == "*" file' "$folder/SHA256SUMS" | grep . >"$folder/.sum" ||
      { say "the set $stamp names no checksum of $file"; return 1; }
    (cd "$folder" && sha256sum --check --strict --quiet .sum >&2) || { say "$file of the set $stamp is damaged"; return 1; }
  done <<<"$files"
  rm -f "$folder/.sum"
  echo "$from"
}
