# `nix develop`: what the checks and scripts of this repository call.
{ pkgs }:
pkgs.mkShellNoCC {
  packages = [
    pkgs.caddy
    pkgs.jq
    pkgs.nixfmt-tree
    pkgs.nodejs_22
    pkgs.postgresql_16
    pkgs.redis
    pkgs.shellcheck
  ];
}
