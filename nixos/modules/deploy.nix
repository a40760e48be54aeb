# State of deploys on the host, and who may change what runs. The commands themselves are in nixos/deploy.
{ config, lib, ... }:
{
  config = lib.mkIf config.rr.apps.enable {
    systemd.tmpfiles.settings."10-rr-state" = {
      "/var/lib/rr-bizops".d = {
        mode = "0755";
        user = "root";
        group = "root";
      };
      # Releases, the lock and the audit trail: root's alone.
      "/var/lib/rr-bizops/deploy".d = {
        mode = "0700";
        user = "root";
        group = "root";
      };
      # Static files of the last releases, served by Caddy to tabs that are still open.
      "/var/lib/rr-bizops/assets".d = {
        mode = "0755";
        user = "root";
        group = "root";
      };
    };
  };
}
