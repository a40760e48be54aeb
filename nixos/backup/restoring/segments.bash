# shellcheck shell=bash
# Names of WAL segments: timeline, log and segment, eight hexadecimal digits each; a log has 256 segments of 16 MiB.

is_segment() { [[ $1 =~ ^[0-9A-F]{24}$ ]]; }

# next_segment NAME: the one that follows it on its timeline.
next_segment() {
  local log=$((16#${1:8:8})) segment=$((16#${1:16:8}))
  if ((segment == 255)); then log=$((log + 1)) segment=0; else segment=$((segment + 1)); fi
  printf '%s%08X%08X\n' "${1:0:8}" "$log" "$segment"
}
