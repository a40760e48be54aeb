# Growth: database and queue alone, for app hosts that are elsewhere.
{
  networking.hostName = "shops-stores-01";
  system.stateVersion = "26.05";

  rr.adminKeys = [ "ssh-ed25519 AAAAexample owner" ];
  rr.apps.enable = false;
}
