# Caddy in front of everything. Its files are real ones in nixos/caddy, so that tests run them.
{ config, lib, pkgs, ... }:
let
  cfg = config.rr;
  # What of a release's files Caddy serves, as Caddy sees it.
  assets = "/run/rr-assets";
in
{
  options.rr.web = {
    enable = lib.mkOption {
      type = lib.types.bool;
      default = cfg.apps.enable;
      defaultText = lib.literalExpression "config.rr.apps.enable";
      description = "Whether Caddy serves the shop's sites on this host.";
    };
    domain = lib.mkOption {
      type = lib.types.strMatching "[a-z0-9.-]+";
      default = "research-relay.com";
      description = "The shop's domain; www. leads to it, api. is Medusa.";
    };
    email = lib.mkOption {
      type = lib.types.str;
      example = "owner@research-relay.com";
      description = "Where the certificate authority writes to.";
    };
    storeApi = lib.mkOption {
      type = lib.types.enum [
        "closed"
        "open"
      ];
      default = "closed";
      description = ''
        Who may ask Medusa's store API: "closed" our storefront alone, which signs its calls; "open"
        whoever has the publishable key, within the limits, for a second storefront or an app
        (docs/api.md). Orders and customers stay closed. Caddy takes it with the switch, Medusa with
        the next deploy.
      '';
    };
  };

  config = lib.mkIf cfg.web.enable {
    assertions = [
      {
        assertion = cfg.apps.enable;
        message = "rr.web.enable needs rr.apps.enable: Caddy leads to the apps of its own host.";
      }
    ];
    services.caddy = {
      enable = true;
      # HTTP challenge, not Cloudflare's origin certificate: it is valid with and without the proxy,
      # so that taking the proxy away in an outage is one click, and no API token lies on the host.
      configFile = pkgs.writeText "Caddyfile" "import ${../caddy}/Caddyfile\n";
      adapter = "caddyfile";
      openFirewall = false;
    };
    systemd.services.caddy = {
      # rr-slots writes where the apps are, if no deploy has yet. Without the assets only tabs that were
      # open during a deploy miss something.
      wants = [ "rr-slots.service" "run-rr\\x2dassets.mount" ];
      after = [ "rr-slots.service" "run-rr\\x2dassets.mount" ];
      environment = {
        RR_DOMAIN = cfg.web.domain;
        RR_ACME_EMAIL = cfg.web.email;
        RR_WAYS = "/var/lib/rr-bizops/ways";
        RR_ASSETS = assets;
        RR_STORE_API = cfg.web.storeApi;
      };
      serviceConfig = {
        # Its admin API's socket; nobody but Caddy and root comes into the folder.
        RuntimeDirectory = lib.mkForce "caddy";
        RuntimeDirectoryMode = lib.mkForce "0700";
        # The module gives up after ten starts in four hours and at exit status 1 at once; without
        # Caddy nobody is served, so it is tried for ever.
        RestartPreventExitStatus = lib.mkForce "";
        MemoryMax = "512M";
      };
      startLimitIntervalSec = lib.mkForce 0;
    };

    # Caddy follows links. A deploy takes none from an image, and in here the kernel would follow none.
    systemd.mounts = [
      {
        description = "Scripts of the last releases, without links, for Caddy";
        what = "/var/lib/rr-bizops/assets";
        where = assets;
        type = "none";
        options = "bind,ro,nosymfollow,nosuid,nodev,noexec";
        # The folder is made after local-fs.target, before which a mount comes by default.
        unitConfig.DefaultDependencies = false;
        after = [ "systemd-tmpfiles-setup.service" ];
        conflicts = [ "umount.target" ];
        before = [ "umount.target" ];
      }
    ];
  };
}
