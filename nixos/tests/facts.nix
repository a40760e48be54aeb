# One host as data for the tests: verdicts, and what they render or run.
{
  host,
  lib ? import ./stand-in/lib.nix,
  pkgs ? import ./stand-in/pkgs.nix,
}:
let
  config = import ./evaluate.nix { inherit host lib pkgs; };
  # Only what our modules set of a unit; the rest is NixOS' own.
  unit = _: each: {
    inherit (each) description wantedBy requires wants after before unitConfig serviceConfig environment;
    inherit (each) restartIfChanged onFailure onSuccess;
  };
in
{
  verdicts = import ./assertions.nix { inherit config lib; };
  failed = map (each: each.message) (builtins.filter (each: !each.assertion) config.assertions);
  services = builtins.mapAttrs unit config.systemd.services;
  containers = config.virtualisation.oci-containers.containers;
  postgresql = config.services.postgresql.settings or { };
  authentication = config.services.postgresql.authentication;
  redis = config.services.redis.servers;
  tmpfiles = config.systemd.tmpfiles.settings;
  mounts = config.systemd.mounts;
  loopback = config.rr.loopback;
  etc = builtins.mapAttrs (_: file: file.text) config.environment.etc;
  # Their paths: each is a program that must have all that it calls.
  commands = map (each: "${each}") config.environment.systemPackages;
  deployKeys = config.users.users.deploy.openssh.authorizedKeys.keys;
}
