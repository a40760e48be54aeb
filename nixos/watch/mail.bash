# shellcheck shell=bash
# One mail by curl to the server of SMTP_URL. The password is in no command line and no log.
source "$(dirname "${BASH_SOURCE[0]}")/settings.bash"

# mail_missing: the variables without which no mail can be sent.
mail_missing() {
  local name
  for name in SMTP_URL MAIL_FROM OWNER_EMAIL; do [[ -n $(setting "$name") ]] || echo "$name"; done
}

# address_of TEXT: the bare address in `Name <address>`.
address_of() { sed -E 's/^.*<([^<>]+)>[[:space:]]*$/\1/' <<<"$1"; }

# send_mail SUBJECT: standard input, plain text, from MAIL_FROM to OWNER_EMAIL; says in one line why it cannot.
send_mail() {
  local url from to rest user='' password='' text code=0 tls=''
  url=$(setting SMTP_URL) from=$(setting MAIL_FROM) to=$(setting OWNER_EMAIL)
  [[ -z $(mail_missing) ]] || { say "not set: $(mail_missing | xargs)"; return 1; }
  [[ $url =~ ^(smtps?)://(([^:@/]*)(:([^@/]*))?@)?([^/?]+) ]] || { say 'SMTP_URL is no address of a mail server'; return 1; }
  rest=${BASH_REMATCH[1]}://${BASH_REMATCH[6]}
  printf -v user '%b' "${BASH_REMATCH[3]//%/\\x}"
  printf -v password '%b' "${BASH_REMATCH[5]//%/\\x}"
  # A password never leaves this machine without TLS.
  [[ $rest =~ ^smtps: || $rest =~ ^smtp://(127\.0\.0\.1|localhost)(:|$) ]] || tls=ssl-reqd
  text=$(base64 -w 76)
  printf '%s\r\n' "From: $from" "To: $to" "Subject: ${1//[^ -~]/ }" "Date: $(date -R)" "Auto-Submitted: auto-generated" \
    "Message-ID: <$(identifier)@$(address_of "$from" | sed 's/.*@//')>" \
    'MIME-Version: 1.0' 'Content-Type: text/plain; charset=utf-8' 'Content-Transfer-Encoding: base64' '' "${text//$'\n'/$'\r\n'}" |
    curl --silent --output /dev/null --max-time "$network_seconds" --upload-file - --config <(
      printf '%s\n' "url = $(quoted "$rest")" "mail-from = $(quoted "$(address_of "$from")")" "mail-rcpt = $(quoted "$(address_of "$to")")" $tls
      [[ -z $user ]] || printf 'user = %s\n' "$(quoted "$user:$password")"
    ) || code=$?
  case $code in
    0) return 0 ;;
    6 | 7 | 28) say "the mail server cannot be reached (curl $code)" ;;
    35 | 60 | 64) say "the mail server has no TLS that can be trusted (curl $code)" ;;
    67) say 'the mail server refuses SMTP_URL'"'"'s user or password' ;;
    *) say "the mail server did not take the mail (curl $code)" ;;
  esac
  return 1
}
