# The shop's data, kept: a set each night, off-site after it, the archive of changes each minute, and a
# drill each week. The commands are in nixos/backup; docs/backups.md says what they promise.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.rr;
  hardened = import ../systemd/hardened.nix;
  job = lib.getExe cfg.watch.job;

  command =
    name: script:
    import ../systemd/command.nix { inherit config pkgs; } {
      inherit name;
      script = "backup/${script}";
      programs = [
        pkgs.diffutils
        pkgs.gnutar
        pkgs.rclone
        pkgs.zstd
      ];
      before = ''
        export RR_ENV_FILE=''${RR_ENV_FILE:-${cfg.environmentFile}}
        export RR_BACKUP_BASE=''${RR_BACKUP_BASE:-${if cfg.database.enable then "yes" else "no"}}
      '';
    };
  backup = command "rr-backup" "nightly";
  archiveWal = command "rr-archive-wal" "archive-wal";
  uploadWal = command "rr-upload-wal" "upload-wal";
  restore = command "rr-restore" "restore";
  drill = command "rr-drill" "drill";

  # As root: the set holds what root alone may read, and the server's part runs as its user.
  service = hardened // {
    Type = "oneshot";
    EnvironmentFile = "-/run/rr-bizops/host.env";
    StateDirectory = "rr-bizops";
    ReadWritePaths = [ "/var/backup/rr-bizops" ];
    UMask = "0077";
    # Uploads and the archive of WAL belong to others; the server's programs run as its user.
    CapabilityBoundingSet = "CAP_CHOWN CAP_DAC_OVERRIDE CAP_FOWNER CAP_SETGID CAP_SETUID";
    SystemCallFilter = hardened.SystemCallFilter ++ [
      "@chown"
      "@setuid"
      # setpriv drops its capabilities by it; no group but @privileged has it.
      "capset"
    ];
    # B2, pings and Sentry; PostgreSQL's socket.
    PrivateNetwork = false;
    RestrictAddressFamilies = "AF_UNIX AF_INET AF_INET6";
    # A night must not be felt by a visitor.
    CPUWeight = 10;
    IOWeight = 10;
    Nice = 10;
  };

  unit = description: seconds: ExecStart: {
    inherit description;
    wants = [ "network-online.target" ];
    after = [
      "network-online.target"
      "rr-secrets.service"
    ]
    ++ lib.optional cfg.database.enable "postgresql.target";
    # A switch must not end a dump in its middle.
    restartIfChanged = false;
    serviceConfig = service // {
      inherit ExecStart;
      TimeoutStartSec = seconds;
    };
  };
  timer = OnCalendar: {
    wantedBy = [ "timers.target" ];
    timerConfig = {
      inherit OnCalendar;
      AccuracySec = "1s";
      RandomizedDelaySec = 0;
      # A host that was down then does it as soon as it is back.
      Persistent = true;
    };
  };
in
{
  options.rr.backups.enable = lib.mkOption {
    type = lib.types.bool;
    default = cfg.database.enable;
    description = "Whether this host backs the shop up each night, and brings the copy off-site.";
  };

  config = lib.mkIf cfg.backups.enable {
    environment.systemPackages = [
      archiveWal
      backup
      drill
      restore
    ];
    rr.watch.units = [
      "rr-backup"
      "rr-drill"
      "rr-offsite"
    ];

    systemd.services = lib.mkMerge [
      {
        rr-backup = unit "The night's set on this disk" 7200 "${job} backup --ping PING_BACKUP_URL -- ${lib.getExe backup} local" // {
          # Also after a night that failed: the set before may not be off-site yet.
          onSuccess = [ "rr-offsite.service" ];
          onFailure = [ "rr-offsite.service" ];
        };
        rr-offsite = unit "The newest set off-site, read back from there" 28800 "${job} offsite --ping PING_OFFSITE_URL -- ${lib.getExe backup} offsite";
        rr-drill = unit "The newest set from off-site, restored beside the database" 14400 "${job} drill --ping PING_DRILL_URL -- ${lib.getExe drill}";
      }
      (lib.mkIf cfg.database.enable {
        rr-wal = unit "Archived changes of the database, off-site" 300 "${job} wal -- ${lib.getExe uploadWal}";
        # Its sandbox leaves the server its data folder alone.
        postgresql.serviceConfig.ReadWritePaths = [ "/var/lib/rr-bizops/wal" ];
      })
    ];
    systemd.timers = lib.mkMerge [
      {
        rr-backup = timer "*-*-* 03:00:00";
        rr-drill = timer "Mon *-*-* 04:00:00";
      }
      (lib.mkIf cfg.database.enable { rr-wal = timer "minutely"; })
    ];

    systemd.tmpfiles.settings."10-rr-backups" =
      let
        folder = mode: user: {
          d = {
            inherit mode user;
            group = if user == "root" then "root" else user;
          };
        };
      in
      {
        "/var/backup/rr-bizops" = folder "0700" "root";
        # Read by the status page and the watch.
        "/var/lib/rr-bizops/backup" = folder "0755" "root";
      }
      // lib.optionalAttrs cfg.database.enable {
        "/var/lib/rr-bizops/wal" = folder "0700" "postgres";
      };
  };
}
