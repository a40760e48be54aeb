# A command of the host: a script of this folder with the programs that it calls. The folder as it is: each
# script is a file that can be run by hand, and they share code across its parts.
{ config, pkgs }:
{
  name,
  # Below nixos/, such as "backup/nightly".
  script,
  # Beside those that nearly every script calls.
  programs ? [ ],
  # Shell that comes before it, such as an export.
  before ? "",
}:
pkgs.writeShellApplication {
  inherit name;
  runtimeInputs = [
    # Scripts are started by their first line, and a unit's own PATH has no shell.
    pkgs.bash
    # The server's own, wherever it runs: an older pg_dump refuses it.
    config.rr.database.package
    pkgs.coreutils
    pkgs.curl
    pkgs.findutils
    pkgs.gawk
    pkgs.gnugrep
    pkgs.gnused
    pkgs.jq
    pkgs.systemd
    pkgs.util-linux
  ]
  ++ programs;
  text = ''
    ${before}
    exec ${../.}/${script} "$@"
  '';
}
