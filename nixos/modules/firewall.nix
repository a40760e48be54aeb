# 22, 80, 443 and nothing else. Docker's published ports pass by this firewall: containers.nix
# publishes on loopback only, and a test holds that.
{ config, lib, ... }:
{
  config = {
    networking.nftables.enable = true;
    networking.firewall = {
      enable = true;
      allowedTCPPorts = [ 22 ] ++ lib.optionals config.rr.web.enable [ 80 443 ];
      # The internet's noise would fill the journal.
      logRefusedConnections = false;
    };
    # Not openssh's own opening, so that all open ports are in this file.
    services.openssh.openFirewall = false;
    networking.firewall.allowedUDPPorts = [ ];
  };
}
