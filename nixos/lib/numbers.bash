# shellcheck shell=bash
# numbers TEXT…: fails unless each is a whole number. What a database or another program has said goes into no
# arithmetic of the shell before: that runs a command which stands in an index, as in PATH[$(command)].
numbers() {
  local each
  for each in "$@"; do
    [[ $each =~ ^[0-9]{1,20}$ ]] || {
      echo "not a number: ${each:0:60}" >&2
      exit 1
    }
  done
}
