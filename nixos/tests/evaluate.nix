# A host's configuration without nixpkgs: `lib` is the stand-in's, or nixpkgs' own for comparison.
{
  host,
  lib ? import ./stand-in/lib.nix,
  pkgs ? import ./stand-in/pkgs.nix,
}:
(lib.evalModules {
  modules = [
    ./known-options.nix
    ../modules
    host
  ];
  specialArgs = {
    inherit lib pkgs;
  };
}).config
