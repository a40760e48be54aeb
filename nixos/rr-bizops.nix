# The module that a host's flake imports: everything of ours, and what it stands on.
{ disko }:
{ modulesPath, ... }:
{
  imports = [
    (modulesPath + "/profiles/qemu-guest.nix")
    disko.nixosModules.disko
    ./modules
  ];
}
