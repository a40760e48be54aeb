# What holds every container of ours, in one place: those that serve (modules/containers.nix) and those of a
# step of a deploy (`run`, which rr-deploy reads). Each ends its own container and nothing else.
rec {
  # The user of both images.
  user = "1000:1000";
  capabilities.ALL = false;
  # Once by the attached client in the unit's journal; the daemon's journald driver would store it twice.
  log-driver = "local";

  # memory: a hard limit, such as "1g"; tmpfs: folders beside /tmp that may be written to.
  options =
    {
      memory,
      tmpfs ? [ ],
    }:
    [
      "--read-only"
      "--tmpfs=/tmp:rw,noexec,nosuid,nodev,size=64m"
      "--security-opt=no-new-privileges"
      "--pids-limit=256"
      "--memory=${memory}"
      "--memory-swap=${memory}"
      "--init"
      "--log-opt=max-size=10m"
      "--log-opt=max-file=3"
    ]
    ++ map (path: "--tmpfs=${path}:rw,noexec,nosuid,nodev,size=256m,uid=1000,gid=1000") tmpfs;

  # The same as words of `docker run`.
  run =
    limits:
    [
      "--user=${user}"
      "--cap-drop=ALL"
      "--log-driver=${log-driver}"
      # A local tag that is missing must not be asked for at Docker Hub, where anybody may own the name.
      "--pull=never"
    ]
    ++ options limits;
}
