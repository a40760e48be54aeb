# Hetzner CX33, Helsinki: everything of the shop but BTCPay.
{
  networking.hostName = "shops-app-01";
  system.stateVersion = "26.05";

  rr.adminKeys = import ../../keys/admins.nix;
  rr.deployKeys = import ../../keys/pipeline.nix;
  rr.web.email = "owner@research-relay.com";
  rr.updates.flake = "github:scientific-oops/rr-bizops#shops-app-01";
}
