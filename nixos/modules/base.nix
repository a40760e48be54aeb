# What every host of ours has: time, swap, bounded logs, nobody but declared users.
{ config, lib, ... }:
{
  options.rr.adminKeys = lib.mkOption {
    type = lib.types.listOf lib.types.singleLineStr;
    default = [ ];
    example = [ "ssh-ed25519 AAAAC3Nz… owner@laptop" ];
    description = "Public SSH keys of the people who administer this host; they sign in as root.";
  };

  config = {
    assertions = [
      {
        assertion = config.rr.adminKeys != [ ];
        message = "rr.adminKeys is empty: nobody could sign in to this host.";
      }
    ];

    time.timeZone = "UTC";
    i18n.defaultLocale = "en_US.UTF-8";

    users.mutableUsers = false;
    users.users.root.openssh.authorizedKeys.keys = config.rr.adminKeys;

    # 8 GB hold everything; zram takes the peak of a deploy, when two generations run.
    zramSwap.enable = true;
    zramSwap.memoryPercent = 50;

    # 26.11 renames this option; the host's evaluation says so when the pin moves there.
    services.journald.extraConfig = ''
      SystemMaxUse=1G
      MaxRetentionSec=1month
    '';

    boot.tmp.cleanOnBoot = true;
    documentation.enable = lib.mkDefault false;
    # A server that waits for a person at its console is down.
    systemd.enableEmergencyMode = false;
    systemd.settings.Manager.RuntimeWatchdogSec = "15s";
  };
}
