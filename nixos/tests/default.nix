# `nix flake check`: the same sentences as npm test, on nixpkgs; the host's closure; one virtual machine.
{
  self,
  host,
  pkgs,
}:
let
  inherit (pkgs) lib;
  # The repository's host has no keys yet for everybody but its owner.
  tested = host ./hosts/tested.nix;
  # All of a host is evaluated, so that what has no value there is found; the first one's build is enough.
  evaluated = name: file: pkgs.writeText "host-${name}" (
    builtins.unsafeDiscardStringContext (host file).config.system.build.toplevel.drvPath
  );
  verdicts = name: file:
    let
      failed = lib.filter (each: !each.ok) (import ./assertions.nix { inherit (host file) config; inherit lib; });
    in
    pkgs.runCommand "host-${name}" { } (
      if failed == [ ] then "touch $out" else throw (lib.concatMapStringsSep "\n" (each: each.sentence) failed)
    );
in
{
  closure = tested.config.system.build.toplevel;
  closure-second-app-host = evaluated "second" ./hosts/second-app-host.nix;
  closure-stores-host = evaluated "stores" ./hosts/stores-host.nix;
  sentences = verdicts "tested" ./hosts/tested.nix;
  sentences-second-app-host = verdicts "second" ./hosts/second-app-host.nix;
  sentences-stores-host = verdicts "stores" ./hosts/stores-host.nix;
  sentences-pinned = verdicts "pinned" ./hosts/pinned.nix;
  vm = import ./vm.nix { inherit self pkgs; };
}
