# shellcheck shell=bash
# Questions to the shop's Redis, which may be on another host. The password is in no command line.
source "$(dirname "${BASH_SOURCE[0]}")/settings.bash"

# Which of the three servers is asked: queue, sessions or cache. They differ in the port alone.
redis_server=queue

# ask_redis COMMAND…: or without a command, many of them from standard input, an answer each.
ask_redis() {
  local url tls=() password port
  url=$(sed -n 's/^REDIS_URL=//p' "$secrets_dir/medusa.env" | head -n 1)
  [[ $url =~ ^(rediss?)://([^:@/]*)(:([^@/]*))?@?([^:/@]+)(:([0-9]+))?(/([0-9]+))?$ ]] || fail 'REDIS_URL is no address of a Redis'
  [[ ${BASH_REMATCH[1]} == redis ]] || tls=(--tls)
  printf -v password '%b' "${BASH_REMATCH[4]//%/\\x}"
  port=${BASH_REMATCH[7]:-6379}
  [[ $redis_server == queue ]] || port=$(told ".redis.$redis_server")
  REDISCLI_AUTH=$password timeout 5 redis-cli --no-auth-warning "${tls[@]}" -h "${BASH_REMATCH[5]}" -p "$port" -n "${BASH_REMATCH[9]:-0}" "$@"
}
