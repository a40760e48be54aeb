# Growth, as the specification has it: a second app host whose database and queue are elsewhere.
# Only facts differ from shops-app-01.
{
  networking.hostName = "shops-app-02";
  system.stateVersion = "26.05";

  rr.adminKeys = [ "ssh-ed25519 AAAAexample owner" ];
  rr.web.email = "owner@research-relay.com";
  rr.database.enable = false;
  rr.queue.enable = false;
}
