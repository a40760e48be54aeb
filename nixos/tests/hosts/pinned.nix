# The rollback by Nix: Medusa held at one release.
{
  imports = [ ./tested.nix ];
  rr.apps.medusa.pin = "0123456789abcdef0123456789abcdef01234567";
}
