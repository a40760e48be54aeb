# The deploy command, its state, and what may run by it. The command itself is in nixos/deploy.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.rr;
in
{
  options.rr.deploy.package = lib.mkOption {
    type = lib.types.package;
    internal = true;
    description = "rr-deploy with the programs that its steps call.";
  };

  config = lib.mkIf cfg.apps.enable {
    rr.deploy.package = import ../systemd/command.nix { inherit config pkgs; } {
      name = "rr-deploy";
      script = "deploy/rr-deploy";
      programs = [
        config.virtualisation.docker.package
        pkgs.zstd
      ];
    };
    environment.systemPackages = [ cfg.deploy.package ];

    systemd.tmpfiles.settings."10-rr-state" =
      let
        folder = mode: {
          d = {
            inherit mode;
            user = "root";
            group = "root";
          };
        };
      in
      {
        "/var/lib/rr-bizops" = folder "0755";
        # Releases, the lock and the audit trail; dumps and archives hold the shop's data and code.
        "/var/lib/rr-bizops/deploy" = folder "0700";
        "/var/lib/rr-bizops/dumps" = folder "0700";
        "/var/lib/rr-bizops/images" = folder "0700";
        # Read by Caddy: the way to the apps, and scripts of the last releases for tabs that are still open.
        "/var/lib/rr-bizops/ways" = folder "0755";
        "/var/lib/rr-bizops/assets" = folder "0755";
      };
  };
}
