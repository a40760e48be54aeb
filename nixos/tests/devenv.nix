# devenv.nix as data, without devenv: its options, as far as ours sets them (cachix/devenv src/modules).
let
  lib = import ./stand-in/lib.nix;
  inherit (lib) mkOption types;
  bool = mkOption { type = types.bool; default = false; };
  str = default: mkOption { type = types.str; inherit default; };
  port = mkOption { type = types.port; };
  lines = mkOption { type = types.lines; default = ""; };
  strings = mkOption { type = types.listOf types.str; default = [ ]; };
  package = mkOption { type = types.package; };
  of = options: mkOption { type = types.attrsOf (types.submodule { inherit options; }); default = { }; };
  options = {
    enterShell = lines;
    enterTest = lines;
    languages.javascript = {
      enable = bool;
      inherit package;
      lsp.enable = bool;
      npm.enable = bool;
      npm.install.enable = bool;
    };
    processes = of {
      exec = mkOption { type = types.str; };
      after = strings;
    };
    services.postgres = {
      enable = bool;
      inherit package port;
      listen_addresses = str "";
      initialDatabases = mkOption { type = types.listOf types.anything; default = [ ]; };
    };
    services.redis = {
      enable = bool;
      inherit port;
      extraConfig = lines;
    };
    tasks = of {
      exec = mkOption { type = types.str; };
      after = strings;
    };
  };
  config =
    (lib.evalModules {
      modules = [
        { inherit options; }
        ../../devenv.nix
      ];
      specialArgs = {
        inherit lib;
        pkgs = import ./stand-in/pkgs.nix;
      };
    }).config;
in
{
  inherit (config) processes tasks enterTest;
  postgres = {
    inherit (config.services.postgres) port listen_addresses initialDatabases;
    package = "${config.services.postgres.package}";
  };
  redis = { inherit (config.services.redis) port extraConfig; };
  node = "${config.languages.javascript.package}";
}
