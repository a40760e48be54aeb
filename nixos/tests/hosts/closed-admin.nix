# shops-app-01 with an admin that only two places may reach.
{
  imports = [ ./tested.nix ];
  rr.admin.allowFrom = [
    "203.0.113.7/32"
    "2001:db8:1:2::/64"
  ];
}
