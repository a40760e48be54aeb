# One file of secrets on the host. Each part gets only its own share of it, below /run.
{ config, lib, pkgs, ... }:
let
  cfg = config.rr;
  hardened = import ../systemd/hardened.nix;
  split = pkgs.writeShellApplication {
    name = "rr-split-secrets";
    runtimeInputs = [ pkgs.coreutils pkgs.gnugrep pkgs.jq ];
    text = builtins.readFile ../secrets/split;
  };
  rrEnv = pkgs.writeShellApplication {
    name = "rr-env";
    runtimeInputs = [ pkgs.coreutils pkgs.gnugrep pkgs.jq pkgs.openssl ];
    text = builtins.readFile ../secrets/rr-env;
  };
in
{
  options.rr = {
    environmentFile = lib.mkOption {
      # A string: a path would be copied into the world-readable store.
      type = lib.types.strMatching "/.*";
      default = "/etc/rr-bizops/.env";
      description = "File with all secrets (root, 600), made by `rr-env generate`; lines are NAME=value without quotes.";
    };
    schemaFile = lib.mkOption {
      type = lib.types.path;
      default = ../secrets/schema.json;
      description = "Every variable with its parts; made from the apps' own schemas by `npm run schema`.";
    };
  };

  config = {
    environment.systemPackages = [ rrEnv ];
    environment.etc."rr-bizops/schema.json".source = cfg.schemaFile;

    systemd.services.rr-secrets = {
      description = "Each part's own share of ${cfg.environmentFile}";
      wantedBy = [ "multi-user.target" ];
      # Absent before the first `rr-env generate`: the host comes up all the same.
      unitConfig.ConditionPathExists = cfg.environmentFile;
      serviceConfig = hardened // {
        Type = "oneshot";
        RemainAfterExit = true;
        ExecStart = "${lib.getExe split} ${cfg.environmentFile} ${cfg.schemaFile} /run/rr-bizops";
        RuntimeDirectory = "rr-bizops";
        RuntimeDirectoryMode = "0700";
        RuntimeDirectoryPreserve = true;
        UMask = "0077";
      };
    };
  };
}
