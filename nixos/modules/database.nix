# PostgreSQL 16: database research-relay, owned by role medusa, whose password is the one in DATABASE_URL.
{ config, lib, pkgs, ... }:
let
  cfg = config.rr;
  hardened = import ../systemd/hardened.nix;
  own = pkgs.writeShellApplication {
    name = "rr-database-owner";
    runtimeInputs = [ cfg.database.package pkgs.gnugrep ];
    text = builtins.readFile ../postgresql/set-owner;
  };
in
{
  options.rr.database = {
    enable = lib.mkOption {
      type = lib.types.bool;
      default = true;
      description = "Whether PostgreSQL runs on this host; elsewhere, DATABASE_URL says where.";
    };
    # services.postgresql.package has no value where PostgreSQL is off.
    package = lib.mkOption {
      type = lib.types.package;
      default = pkgs.postgresql_16;
      defaultText = lib.literalExpression "pkgs.postgresql_16";
      description = "PostgreSQL of the shop: the server where it runs on this host, and the client programs everywhere.";
    };
  };

  config = lib.mkIf cfg.database.enable {
    services.postgresql = {
      enable = true;
      package = cfg.database.package;
      # Loopback only: containers of this host come by 127.0.0.1.
      enableTCPIP = false;
      ensureDatabases = [ "research-relay" ];
      ensureUsers = [
        {
          name = "medusa";
          # ensureDBOwnership wants one name for both; rr-database makes the owner.
        }
      ];
      authentication = lib.mkForce ''
        # type  database               user      address       method
        local   all                    postgres                peer
        local   replication            postgres                peer
        host    research-relay         medusa    127.0.0.1/32  scram-sha-256
        # A restore and a drill load as the shop's own role: what a dump brings runs as nobody else.
        host    rr-restoring,rr-drill  medusa    127.0.0.1/32  scram-sha-256
      '';
      settings = import ../postgresql/settings.nix;
    };

    systemd.services.rr-database = {
      description = "Role medusa owns research-relay, with the password of DATABASE_URL";
      wantedBy = [ "multi-user.target" ];
      requires = [ "postgresql.target" ];
      wants = [ "rr-secrets.service" ];
      after = [ "postgresql.target" "rr-secrets.service" ];
      unitConfig.ConditionPathExists = cfg.environmentFile;
      serviceConfig = hardened // {
        Type = "oneshot";
        RemainAfterExit = true;
        User = "postgres";
        Group = "postgres";
        # systemd reads the file as root; postgres never sees it whole.
        LoadCredential = "database-url:/run/rr-bizops/database-url";
        ExecStart = lib.getExe own;
        RestrictAddressFamilies = "AF_UNIX";
      };
    };
  };
}
