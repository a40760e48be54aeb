# Keys only; the pipeline's key can do nothing but ask for a deploy.
{ config, lib, pkgs, ... }:
let
  cfg = config.rr;
  gate = pkgs.writeShellApplication {
    name = "rr-ssh-gate";
    text = builtins.readFile ../deploy/ssh-gate;
  };
in
{
  options.rr.deployKeys = lib.mkOption {
    type = lib.types.listOf lib.types.singleLineStr;
    default = [ ];
    description = ''
      Public SSH keys of the pipeline. Each may run only the forced command: deploy, rollback,
      status and history, as the user `deploy`.
    '';
  };

  config = {
    services.openssh = {
      enable = true;
      settings = {
        PasswordAuthentication = false;
        KbdInteractiveAuthentication = false;
        PermitRootLogin = "prohibit-password";
        X11Forwarding = false;
        MaxAuthTries = 3;
        AllowUsers = [ "root" ] ++ lib.optional (cfg.deployKeys != [ ]) "deploy";
      };
    };

    users.groups.deploy = { };
    users.users.deploy = {
      isSystemUser = true;
      group = "deploy";
      # A forced command is run by the shell of its user.
      shell = "/run/current-system/sw/bin/bash";
      openssh.authorizedKeys.keys = map (key: ''restrict,command="${lib.getExe gate}" ${key}'') cfg.deployKeys;
    };
    # Not in group docker, which is root; rr-deploy checks its words itself, too.
    security.sudo.extraRules = [
      {
        users = [ "deploy" ];
        commands = [
          {
            command = "/run/current-system/sw/bin/rr-deploy";
            options = [ "NOPASSWD" ];
          }
        ];
      }
    ];
  };
}
