# The host that watches itself: how each timer went, a round of checks every five minutes, one mail.
# The commands are in nixos/watch.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.rr;
  hardened = import ../systemd/hardened.nix;

  command =
    name: script:
    import ../systemd/command.nix { inherit config pkgs; } {
      inherit name;
      script = "watch/${script}";
      programs = [
        pkgs.openssl
        pkgs.redis
      ]
      ++ lib.optional cfg.apps.enable cfg.deploy.package;
    };
  alarm = command "rr-alarm" "alarm";
  failed = command "rr-failed" "failed";
  status = command "rr-status" "status";
  watch = command "rr-watch" "watch";

  # Both come as root: they read the secrets and write the state.
  service = hardened // {
    Type = "oneshot";
    StateDirectory = "rr-bizops";
    # Mail, pings and Sentry; PostgreSQL, Redis and Caddy on loopback; systemd itself.
    PrivateNetwork = false;
    RestrictAddressFamilies = "AF_UNIX AF_INET AF_INET6";
    # A look at the host must not be felt by a visitor.
    CPUWeight = 10;
    Nice = 10;
  };
in
{
  options.rr.watch = {
    job = lib.mkOption {
      type = lib.types.package;
      internal = true;
      description = "Runs a timer's command and tells how it went: rr-job NAME [--ping VARIABLE] -- COMMAND.";
    };
    units = lib.mkOption {
      type = lib.types.listOf lib.types.str;
      default = [ ];
      example = [ "rr-backup" ];
      description = "Services, without the suffix, whose failure is mailed at once; the next round of checks finds all others.";
    };
  };

  config = {
    rr.watch.job = command "rr-job" "job";
    rr.watch.units = [
      "rr-secrets"
      "rr-watch"
    ]
    ++ lib.optionals cfg.apps.enable [
      "docker"
      "rr-slots"
    ]
    ++ lib.optional cfg.web.enable "caddy"
    ++ lib.optionals cfg.database.enable [
      "postgresql"
      "rr-database"
    ]
    ++ lib.optionals cfg.queue.enable [
      "redis-default"
      "redis-sessions"
      "redis-cache"
    ]
    ++ lib.optional (cfg.updates.flake != null) "nixos-upgrade";

    environment.systemPackages = [
      alarm
      cfg.watch.job
      status
      watch
    ];
    environment.etc."rr-bizops/watch.json".text = builtins.toJSON {
      inherit (cfg.web) domain;
      sites = lib.optionals cfg.web.enable [
        cfg.web.domain
        "www.${cfg.web.domain}"
        "api.${cfg.web.domain}"
      ];
      apps = cfg.apps.enable;
      database = cfg.database.enable;
      backups = cfg.backups.enable;
      listening = map (each: "${each.protocol} ${toString each.port}") cfg.loopback;
      redis = {
        sessions = cfg.queue.sessionsPort;
        cache = cfg.queue.cachePort;
      };
      disks = [
        "/"
        "/boot"
        "/var/lib"
        "/var/backup"
      ];
      # Seconds after which each is too old: a day, a week and five minutes, with some hours, a day and
      # another five minutes for a slow one.
      overdue = {
        backup = 26 * 3600;
        offsite = 26 * 3600;
        drill = 8 * 86400;
        wal = 600;
      };
    };

    systemd.services = lib.mkMerge [
      {
        rr-watch = {
          description = "A round of checks of the whole host, and one mail about what is wrong";
          after = [ "rr-secrets.service" ];
          # Before the first `rr-env generate` there is nothing to watch.
          unitConfig.ConditionPathExists = cfg.environmentFile;
          serviceConfig = service // {
            ExecStart = "${lib.getExe cfg.watch.job} watch --ping PING_WATCH_URL -- ${lib.getExe watch}";
            # /proc/meminfo and /proc/vmstat.
            ProcSubset = "all";
            TimeoutStartSec = 240;
          };
        };
        "rr-failed@" = {
          description = "An alarm because %i has failed";
          serviceConfig = service // {
            ExecStart = "${lib.getExe failed} %i";
            TimeoutStartSec = 120;
          };
        };
      }
      (lib.genAttrs cfg.watch.units (_: {
        onFailure = [ "rr-failed@%N.service" ];
      }))
    ];
    systemd.timers.rr-watch = {
      wantedBy = [ "timers.target" ];
      timerConfig = {
        OnCalendar = "*:0/5";
        AccuracySec = "10s";
      };
    };

    systemd.tmpfiles.settings."10-rr-watch" =
      let
        folder = {
          d = {
            mode = "0755";
            user = "root";
            group = "root";
          };
        };
      in
      {
        "/var/lib/rr-bizops/alarms" = folder;
        "/var/lib/rr-bizops/jobs" = folder;
        "/var/lib/rr-bizops/watch" = folder;
        # Memory, for what must be kept while the disk is full; before anybody else can make it.
        "/dev/shm/rr-watch".d = folder.d // {
          mode = "0700";
        };
      };
  };
}
