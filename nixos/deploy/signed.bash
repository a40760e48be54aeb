# shellcheck shell=bash disable=SC2154
# Calls of the store API, which answers our storefront alone.

# serving APP: the slot that Caddy leads visitors to.
serving() {
  local slot
  for slot in blue green; do
    [[ $(address "$1" "$slot") != "http://$(<"$state_dir/ways/$1")" ]] || echo "$slot"
  done
}

# signed SLOT: the header by which the storefront names itself (app/src/limits/client.ts), good for five
# minutes. Made inside Medusa's container, which has the secret: it stands in no argument and no file.
# What the container prints may be anything: curl would read a file for a header that begins with @.
signed() {
  local header
  # shellcheck disable=SC2016
  header=$(timeout 10 docker exec "$(unit medusa "$1")" node -e '
    const subject = `127.0.0.1 ${Math.floor(Date.now() / 1000)}`
    const secret = process.env.REVALIDATE_SECRET
    const signature = require("node:crypto").createHmac("sha256", secret).update(`client ${subject}`).digest("hex")
    console.log(`x-rr-client: ${subject} ${signature}`)
  ' | head -c 300) || return 1
  [[ $header =~ ^x-rr-client:\ 127\.0\.0\.1\ [0-9]{1,12}\ [0-9a-f]{64}$ ]] || return 1
  echo "$header"
}
