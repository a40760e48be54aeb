# Our own options (everything under `rr`) as a list of data, without nixpkgs; docs/options.md is made from it.
let
  lib = import ./stand-in/lib.nix;
  inherit
    ((lib.evalModules {
      modules = [
        ./known-options.nix
        ../modules
        ./hosts/tested.nix
      ];
      specialArgs = {
        inherit lib;
        pkgs = import ./stand-in/pkgs.nix;
      };
    }))
    options
    ;
  shown =
    option:
    if option ? defaultText then
      option.defaultText.text
    else if option ? default then
      let
        value = option.default;
      in
      if builtins.isPath value then "./${baseNameOf value}" else builtins.toJSON value
    else
      null;
  collect =
    path: tree:
    if lib.isType "option" tree && tree.internal or false then
      [ ]
    else if lib.isType "option" tree then
      [
        {
          name = lib.concatStringsSep "." path;
          type = tree.type.name;
          default = shown tree;
          example = if tree ? example then builtins.toJSON tree.example else null;
          description = tree.description or null;
        }
      ]
    else
      lib.concatMap (name: collect (path ++ [ name ]) tree.${name}) (builtins.attrNames tree);
in
collect [ "rr" ] options.rr
