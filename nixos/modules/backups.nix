# When the nightly dump runs, and who hears of it. The off-site half comes beside it.
{ config, lib, ... }:
let
  cfg = config.rr;
in
{
  options.rr.backups.enable = lib.mkOption {
    type = lib.types.bool;
    default = cfg.database.enable;
    description = "Whether this host dumps its database each night.";
  };

  config = lib.mkIf cfg.backups.enable {
    services.postgresqlBackup = {
      enable = true;
      databases = [ "research-relay" ];
      location = "/var/backup/postgresql";
      startAt = "*-*-* 03:00:00";
      compression = "zstd";
    };
    # A host that was down at three dumps as soon as it is back.
    systemd.timers.postgresqlBackup-research-relay.timerConfig.Persistent = true;
    # A switch must not end a dump in its middle.
    systemd.services.postgresqlBackup-research-relay.restartIfChanged = false;
  };
}
