# Who may reach the shop's admin from the internet; nixos/caddy/admin-access.caddy holds it.
{ config, lib, ... }:
let
  cfg = config.rr;
in
{
  options.rr.admin.allowFrom = lib.mkOption {
    type = lib.types.listOf (lib.types.strMatching "[0-9a-fA-F.:]+/[0-9]{1,3}");
    default = [ ];
    example = [
      "203.0.113.7/32"
      "2001:db8:1:2::/64"
    ];
    description = ''
      Ranges that may reach the admin, its API and every sign-in; others are answered 403 everywhere but
      at the shop's own routes (docs/api.md). Empty: everybody. With a changing address at home this locks the owner out until a rebuild.
    '';
  };

  config = lib.mkIf (cfg.web.enable && cfg.admin.allowFrom != [ ]) {
    systemd.services.caddy.environment.RR_ADMIN_FROM = lib.concatStringsSep " " cfg.admin.allowFrom;
  };
}
