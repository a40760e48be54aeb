# A host's configuration without nixpkgs: `lib` is the stand-in's, or nixpkgs' own for comparison.
{
  host,
  lib ? import ./stand-in/lib.nix,
}:
(lib.evalModules {
  modules = [
    ./known-options.nix
    ../modules
    host
  ];
  specialArgs = {
    pkgs = import ./stand-in/pkgs.nix;
    inherit lib;
  };
}).config
