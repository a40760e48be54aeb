# shellcheck shell=bash
# Files out of an image, which whoever may push to the registry has made: nothing of it is run, and anything
# but plain files and folders of root's, few and small, ends the deploy before a byte is changed.
source "$(dirname "${BASH_SOURCE[0]}")/settings.bash"

# take_files IMAGE PATH TARGET ENTRIES BYTES: what IMAGE has at PATH, as TARGET, which must not be there yet.
# At most ENTRIES files and folders and BYTES in all; owned by who calls, with modes 755 and 644.
take_files() {
  local image=$1 path=$2 target=$3 entries=$4 bytes=$5
  local work=$deploy_dir/taking base=${2##*/} size code=0 odd
  # What an earlier call left, that was killed.
  rm -rf "$work"
  (umask 077 && mkdir -p "$work/files")
  docker rm --force --volumes rr-files >/dev/null 2>&1 || true
  # It is never started; the command is for images that name none.
  docker create --pull=never --network=none --name rr-files "$image" none >/dev/null
  # An archive has a kilobyte or two for each entry, beside what is in it.
  timeout "$take_seconds" docker cp "rr-files:$path" - 2>"$work/error" |
    head -c $((bytes + entries * 2048 + 1)) >"$work/archive" || code=$?
  docker rm --force --volumes rr-files >/dev/null 2>&1 || true
  size=$(stat -c %s "$work/archive")
  ((size <= bytes + entries * 2048)) || fail "$image: $path is larger than $bytes bytes"
  ((code == 0)) || fail "$image: $path cannot be read: $(plain <"$work/error")"

  LC_ALL=C tar --list --verbose --numeric-owner --quoting-style=escape --file="$work/archive" 2>"$work/error" |
    awk -v base="$base" -v entries="$entries" -v bytes="$bytes" "$entries_rules" |
    plain >"$work/odd" || code=$?
  odd=$(<"$work/odd")
  [[ -z $odd ]] || fail "$image: $path: $odd"
  ((code == 0)) || fail "$image: $path is no archive: $(plain <"$work/error")"
  tar --extract --no-same-owner --no-same-permissions --directory="$work/files" --file="$work/archive"
  # What was listed is what came; this looks at what came.
  odd=$(find "$work/files" \( ! -type f ! -type d -o -type f -links +1 -o -perm /7000 \) -print -quit | plain)
  [[ -z $odd ]] || fail "$image: $path: $odd is no plain file"
  find "$work/files" -type d -exec chmod 755 {} +
  find "$work/files" -type f -exec chmod 644 {} +
  mv --no-target-directory "$work/files/$base" "$target"
  rm -rf "$work"
}

# Says what is odd about the first entry of tar's list that is; nothing when all is as it should be.
# shellcheck disable=SC2016
entries_rules='
  function odd(why) { print why ": " substr($0, 1, 200); found = 1; exit }
  NR > entries { odd("more than " entries " files") }
  !/^[-d]/ { odd("neither a file nor a folder") }
  $1 ~ /[sStT]/ { odd("a mode with more than rights to read, write and run") }
  $2 != "0/0" { odd("not root'"'"'s") }
  NF != 6 { odd("a name that no build gives") }
  {
    name = $6
    sub(/\/$/, "", name)
    parts = split(name, part, "/")
    if (part[1] != base || length(name) > 500) odd("a name that no build gives")
    # Letters, digits and what routes have in their names; no part begins with a dot.
    for (i = 1; i <= parts; i++)
      if (part[i] !~ /^[][A-Za-z0-9_~%@(),+=-][][A-Za-z0-9_~%@(),+=.-]*$/) odd("a name that no build gives")
    if (name in seen) odd("a name twice")
    seen[name] = 1
    sum += $3
    if (sum > bytes) odd("more than " bytes " bytes")
  }
  END { if (NR == 0) print "nothing is there" }'
