# Hetzner Cloud gives IPv4 by DHCP and IPv6 by nothing: the address is a fact of the host.
{ config, lib, ... }:
let
  cfg = config.rr.network;
in
{
  options.rr.network = {
    interface = lib.mkOption {
      type = lib.types.str;
      default = "enp1s0";
      description = "The public network interface, as `ip link` names it.";
    };
    ipv6 = lib.mkOption {
      type = lib.types.nullOr (lib.types.strMatching "[0-9a-f:]+/64");
      default = null;
      example = "2a01:4f9:c010:1234::1/64";
      description = "Address of the /64 that Hetzner's console shows; null: IPv4 only.";
    };
  };

  config = {
    networking.useDHCP = false;
    networking.useNetworkd = true;
    systemd.network.networks."10-wan" = {
      matchConfig.Name = cfg.interface;
      networkConfig.DHCP = "ipv4";
      address = lib.optional (cfg.ipv6 != null) cfg.ipv6;
      routes = lib.optional (cfg.ipv6 != null) { Gateway = "fe80::1"; };
    };
  };
}
