# What runs of the shop on this host: facts that containers, Caddy and deploys share.
{ config, lib, ... }:
let
  app = name: ports: {
    image = lib.mkOption {
      type = lib.types.str;
      default = "ghcr.io/scientific-oops/rr-bizops/${name}";
      description = "Repository of the ${name} image, without a tag.";
    };
    pin = lib.mkOption {
      type = lib.types.nullOr (lib.types.strMatching "[0-9a-f]{40}");
      default = null;
      description = ''
        Git SHA of the only release that may run. It is the rollback by Nix: while it is set,
        `nixos-rebuild switch` restarts ${name} with it and `rr-deploy` refuses to deploy ${name}.
        null: deploys choose.
      '';
    };
    ports = lib.mapAttrs (
      slot: port:
      lib.mkOption {
        type = lib.types.port;
        default = port;
        description = "Port on 127.0.0.1 of the ${slot} slot of ${name}.";
      }
    ) ports;
  };
in
{
  options.rr.apps = {
    enable = lib.mkOption {
      type = lib.types.bool;
      default = true;
      description = "Whether the shop's containers run on this host.";
    };
    medusa = app "medusa" {
      blue = 9000;
      green = 9010;
      worker = 9001;
    };
    storefront = app "storefront" {
      blue = 8000;
      green = 8010;
    };
  };

  config.environment.etc."rr-bizops/apps.json" = lib.mkIf config.rr.apps.enable {
    text = builtins.toJSON {
      medusa = {
        inherit (config.rr.apps.medusa) image pin ports;
        # How a step of a deploy runs this app's image, such as its migrations: as a server is held.
        run = (import ../systemd/container.nix).run { memory = "1g"; };
      };
      storefront = { inherit (config.rr.apps.storefront) image pin ports; };
      domain = config.rr.web.domain;
    };
  };
}
