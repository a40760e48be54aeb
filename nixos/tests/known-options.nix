# The options of NixOS and disko that our modules set, with their types, as far as an evaluation without
# nixpkgs needs them. An option that is not here does not exist for the tests: adding one means
# having read it in its module (nixos-26.05).
{ config, lib, ... }:
let
  inherit (lib) mkOption types;
  bool = default: mkOption { type = types.bool; inherit default; };
  str = default: mkOption { type = types.str; inherit default; };
  int = default: mkOption { type = types.int; inherit default; };
  lines = mkOption { type = types.lines; default = ""; };
  strings = mkOption { type = types.listOf types.str; default = [ ]; };
  anything = mkOption { type = types.anything; default = { }; };
  attrs = mkOption { type = types.attrsOf types.anything; default = { }; };
  # services/networking/firewall.nix: what is read back is sorted and without doubles.
  ports = mkOption {
    type = types.listOf types.port;
    default = [ ];
    apply = each: lib.unique (builtins.sort builtins.lessThan each);
  };
  of = options: mkOption { type = types.attrsOf (types.submodule { inherit options; }); default = { }; };
  list = options: mkOption { type = types.listOf (types.submodule { inherit options; }); default = [ ]; };

  unit = {
    description = str "";
    wantedBy = strings;
    requires = strings;
    wants = strings;
    after = strings;
    before = strings;
    environment = attrs;
    unitConfig = attrs;
    serviceConfig = attrs;
    preStart = lines;
    restartIfChanged = bool true;
    stopIfChanged = bool true;
    # lib/systemd-unit-options.nix: neither has a value until somebody defines it.
    startLimitIntervalSec = mkOption { type = types.int; };
    startLimitBurst = mkOption { type = types.int; };
    onFailure = strings;
    onSuccess = strings;
  };
  named = name: {
    type = "derivation";
    inherit name;
    outPath = "/stub/${name}";
  };
in
{
  options = {
    assertions = list {
      assertion = mkOption { type = types.bool; };
      message = mkOption { type = types.str; };
    };

    boot.loader.grub = {
      configurationLimit = int 100;
      efiSupport = bool false;
      efiInstallAsRemovable = bool false;
    };
    boot.tmp.cleanOnBoot = bool false;
    disko.devices = anything;
    documentation.enable = bool true;
    environment.etc = of {
      text = mkOption { type = types.nullOr types.lines; default = null; };
      source = mkOption { type = types.nullOr types.path; default = null; };
    };
    environment.systemPackages = mkOption { type = types.listOf types.package; default = [ ]; };
    i18n.defaultLocale = str "en_US.UTF-8";

    networking = {
      hostName = str "nixos";
      useDHCP = bool true;
      useNetworkd = bool false;
      nftables.enable = bool false;
      firewall = {
        enable = bool true;
        allowedTCPPorts = ports;
        allowedUDPPorts = ports;
        logRefusedConnections = bool true;
      };
    };
    nix = {
      package = mkOption { type = types.package; };
      settings = attrs;
      gc = {
        automatic = bool false;
        # services/misc/nix-gc.nix: what is read back is a list.
        dates = mkOption {
          type = types.either types.singleLineStr (types.listOf types.singleLineStr);
          default = [ "03:15" ];
          apply = lib.toList;
        };
        options = str "";
      };
    };
    security.sudo.extraRules = list {
      users = strings;
      commands = list {
        command = mkOption { type = types.str; };
        options = strings;
      };
    };

    services.caddy = {
      enable = bool false;
      configFile = mkOption { type = types.path; };
      adapter = mkOption { type = types.nullOr types.str; default = null; };
      openFirewall = bool false;
    };
    services.journald.extraConfig = lines;
    services.openssh = {
      enable = bool false;
      openFirewall = bool true;
      settings = attrs;
    };
    services.postgresql = {
      enable = bool false;
      # services/databases/postgresql.nix gives it a value only where PostgreSQL is on.
      package = mkOption { type = types.package; };
      enableTCPIP = bool false;
      ensureDatabases = strings;
      ensureUsers = list {
        name = mkOption { type = types.str; };
        ensureDBOwnership = bool false;
      };
      authentication = lines;
      settings = attrs;
    };
    services.resolved.settings = attrs;
    services.redis.servers = of {
      enable = bool false;
      bind = mkOption { type = types.nullOr types.str; default = "127.0.0.1"; };
      port = int 0;
      requirePassFile = mkOption { type = types.nullOr types.path; default = null; };
      appendOnly = bool false;
      appendFsync = str "everysec";
      save = mkOption { type = types.listOf (types.listOf types.int); default = [ [ 900 1 ] ]; };
      settings = attrs;
    };

    system.stateVersion = str "26.05";
    system.autoUpgrade = {
      enable = bool false;
      flake = mkOption { type = types.nullOr types.str; default = null; };
      dates = str "04:40";
      randomizedDelaySec = str "0";
      allowReboot = bool false;
    };
    systemd.enableEmergencyMode = bool true;
    systemd.settings.Manager = attrs;
    systemd.network.networks = of {
      matchConfig = attrs;
      networkConfig = attrs;
      address = strings;
      routes = mkOption { type = types.listOf types.anything; default = [ ]; };
    };
    systemd.mounts = list {
      description = str "";
      what = mkOption { type = types.str; };
      where = mkOption { type = types.str; };
      type = str "";
      options = str "";
      unitConfig = attrs;
      after = strings;
      before = strings;
      conflicts = strings;
    };
    systemd.services = of unit;
    systemd.timers = of {
      wantedBy = strings;
      timerConfig = attrs;
    };
    systemd.tmpfiles.settings = mkOption {
      type = types.attrsOf (types.attrsOf (types.attrsOf (types.submodule {
        options = {
          mode = str "-";
          user = str "-";
          group = str "-";
          argument = str "";
        };
      })));
      default = { };
    };
    time.timeZone = mkOption { type = types.nullOr types.str; default = null; };

    users.mutableUsers = bool true;
    users.groups = of { };
    users.users = of {
      isSystemUser = bool false;
      group = str "";
      shell = mkOption { type = types.nullOr (types.either types.package types.path); default = null; };
      openssh.authorizedKeys.keys = strings;
    };

    virtualisation.docker = {
      enable = bool false;
      package = mkOption { type = types.package; };
      autoPrune.enable = bool false;
      daemon.settings = attrs;
    };
    virtualisation.oci-containers.backend = mkOption {
      type = types.enum [ "podman" "docker" ];
      default = "podman";
    };
    virtualisation.oci-containers.containers = of {
      image = mkOption { type = types.str; };
      pull = mkOption { type = types.enum [ "always" "missing" "never" "newer" ]; default = "missing"; };
      log-driver = str "journald";
      environment = mkOption { type = types.attrsOf types.str; default = { }; };
      environmentFiles = mkOption { type = types.listOf types.path; default = [ ]; };
      ports = strings;
      volumes = strings;
      user = mkOption { type = types.nullOr types.str; default = null; };
      capabilities = mkOption { type = types.attrsOf (types.nullOr types.bool); default = { }; };
      networks = strings;
      extraOptions = strings;
    };
    zramSwap.enable = bool false;
    zramSwap.memoryPercent = int 50;
  };

  # What NixOS itself defines of what our modules read or set again; without it a conflict that
  # nixpkgs refuses would pass here.
  config = {
    nix.package = named "nix";
    virtualisation.docker.package = named "docker";

    systemd.services = lib.mkMerge [
      # services/web-servers/caddy/default.nix
      (lib.mkIf config.services.caddy.enable {
        caddy = {
          startLimitIntervalSec = 14400;
          startLimitBurst = 10;
          serviceConfig = {
            NoNewPrivileges = true;
            PrivateDevices = true;
            ProtectHome = true;
            Restart = "on-failure";
            RestartPreventExitStatus = 1;
            RestartSec = "5s";
          };
        };
      })
      # services/databases/redis.nix
      (lib.mapAttrs' (
        name: _:
        lib.nameValuePair "redis-${name}" {
          wantedBy = [ "multi-user.target" ];
          after = [ "network.target" ];
          serviceConfig.Type = "notify";
        }
      ) config.services.redis.servers)
      # virtualisation/oci-containers.nix
      (lib.mapAttrs' (
        name: _:
        lib.nameValuePair "docker-${name}" {
          wantedBy = [ "multi-user.target" ];
          after = [ "docker.service" "docker.socket" "network-online.target" ];
          wants = [ "network-online.target" ];
          serviceConfig = {
            Restart = "always";
            TimeoutStartSec = 0;
            TimeoutStopSec = 120;
          };
        }
      ) config.virtualisation.oci-containers.containers)
    ];
  };
}
