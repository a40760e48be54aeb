# shellcheck shell=bash
# The remote `offsite:`: the bucket on B2, encrypted on this side. Everything that rclone is told comes from
# the environment, or from the host's share of the secrets; nothing is on a disk or in a command line.
# RR_RCLONE_NAME sets the option NAME of the B2 remote; tests lead it to a server of their own by that.
# shellcheck source=../secrets/setting.bash
source "$(dirname "${BASH_SOURCE[0]}")/../secrets/setting.bash"

declare_remote() {
  local name bucket passphrase
  bucket=$(setting B2_BUCKET) passphrase=$(setting BACKUP_PASSPHRASE)
  remote_missing=''
  for name in B2_BUCKET B2_KEY_ID B2_APPLICATION_KEY BACKUP_PASSPHRASE; do
    [[ -n $(setting "$name") ]] || remote_missing+=" $name"
  done
  # A restore from this disk does without: who needs the remote asks need_remote.
  [[ -z $remote_missing ]] || return 0
  export RCLONE_CONFIG=/dev/null RCLONE_CONFIG_B2_TYPE=b2
  RCLONE_CONFIG_B2_ACCOUNT=$(setting B2_KEY_ID)
  RCLONE_CONFIG_B2_KEY=$(setting B2_APPLICATION_KEY)
  # A step has it from the night that calls it.
  [[ -n ${RCLONE_CONFIG_OFFSITE_PASSWORD:-} ]] || RCLONE_CONFIG_OFFSITE_PASSWORD=$(rclone obscure - <<<"$passphrase")
  export RCLONE_CONFIG_B2_ACCOUNT RCLONE_CONFIG_B2_KEY RCLONE_CONFIG_OFFSITE_PASSWORD
  export RCLONE_CONFIG_OFFSITE_TYPE=crypt RCLONE_CONFIG_OFFSITE_REMOTE="b2:$bucket"
  # Names of sets are no secret, and the owner finds them in B2's own pages.
  export RCLONE_CONFIG_OFFSITE_FILENAME_ENCRYPTION=off RCLONE_CONFIG_OFFSITE_DIRECTORY_NAME_ENCRYPTION=false
  for name in $(compgen -e RR_RCLONE_ || true); do
    export "RCLONE_CONFIG_B2_${name#RR_RCLONE_}=${!name}"
  done
}
declare_remote

# need_remote: ends with one line when the remote is not set up.
need_remote() {
  [[ -z $remote_missing ]] || {
    echo "off-site is not set up: missing$remote_missing (rr-env, docs/backups.md)" >&2
    exit 1
  }
}
