# Security updates without a person and without a surprise reboot; old generations stay to go back to.
{ config, lib, pkgs, ... }:
let
  cfg = config.rr.updates;
in
{
  options.rr.updates = {
    flake = lib.mkOption {
      type = lib.types.nullOr lib.types.singleLineStr;
      default = null;
      example = "github:scientific-oops/rr-bizops#shops-app-01";
      description = ''
        Flake that this host rebuilds itself from each morning. It builds what that flake's lock
        says, so updates arrive because the pipeline bumps the lock. null: never by itself.
      '';
    };
    keepGenerations = lib.mkOption {
      type = lib.types.int;
      default = 10;
      description = "Generations of the system that are kept to go back to, however old they are.";
    };
  };

  config = {
    system.autoUpgrade = lib.mkIf (cfg.flake != null) {
      enable = true;
      flake = cfg.flake;
      # After the backup of 03:00 and before the shop's day.
      dates = "05:00";
      randomizedDelaySec = "15min";
      # A new kernel waits for the reboot that a person chooses (docs/operate.md).
      allowReboot = false;
    };

    nix.settings = {
      experimental-features = [ "nix-command" "flakes" ];
      min-free = 1024 * 1024 * 1024;
      max-free = 3 * 1024 * 1024 * 1024;
      auto-optimise-store = true;
    };
    nix.gc = {
      automatic = true;
      # Not at 03:15, its default: that is the backup's time.
      dates = "Sun 05:30";
      # No --delete-older-than: by age alone a quiet month would leave nothing to go back to.
      options = "";
    };
    systemd.services.nix-gc.preStart = ''
      ${lib.getExe' config.nix.package "nix-env"} -p /nix/var/nix/profiles/system --delete-generations +${toString cfg.keepGenerations}
    '';
    boot.loader.grub.configurationLimit = cfg.keepGenerations;
  };
}
