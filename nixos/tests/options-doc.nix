# `nix build .#options`: our options as Markdown, from their own descriptions.
{ host, pkgs }:
(pkgs.nixosOptionsDoc {
  inherit (host ./hosts/tested.nix) options;
  transformOptions = option: option // { visible = option.visible && pkgs.lib.hasPrefix "rr." option.name; };
}).optionsCommonMark
