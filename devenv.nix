# `devenv up`: the same processes as `npm run dev` (dev/shop/processes.json), on stores from Nix.
{ lib, pkgs, ... }:
let
  ports = lib.importJSON ./dev/shop/ports.json;
  definitions = lib.importJSON ./dev/shop/processes.json;

  # The npm package `node` does not run on every system that has Nix; Nix's own goes before it.
  runner = "PATH=${pkgs.nodejs_22}/bin:$PATH:$DEVENV_ROOT/node_modules/.bin exec node $DEVENV_ROOT/dev/shop/main.ts";

  process = definition: {
    exec = "${runner} process ${definition.name}";
    after =
      if (definition.after or null) == "seed" then
        [ "shop:prepare" ]
      else
        [ "devenv:processes:postgres" ];
  };
in
{
  languages.javascript = {
    enable = true;
    package = pkgs.nodejs_22;
    npm.enable = true;
    npm.install.enable = true;
    lsp.enable = false;
  };

  services.postgres = {
    enable = true;
    package = pkgs.postgresql_16;
    listen_addresses = "127.0.0.1";
    port = ports.postgresql;
    initialDatabases = [
      {
        name = "research-relay";
        user = "medusa";
        pass = "medusa";
      }
    ];
  };
  services.redis = {
    enable = true;
    port = ports.redis;
    # As the host has it: an evicted key would be a lost job.
    extraConfig = ''
      appendonly yes
      save ""
      maxmemory-policy noeviction
    '';
  };

  # Migrations and seed; left out within a second when nothing has changed.
  tasks."shop:prepare" = {
    exec = "${runner} prepare";
    after = [
      "devenv:processes:postgres"
      "devenv:processes:redis"
    ];
  };

  processes = lib.listToAttrs (
    map (definition: lib.nameValuePair definition.name (process definition)) definitions
  );

  enterShell = ''
    [ -e .env ] || cp .env.example .env
  '';

  # `devenv test`: the shop is up when its backend is ready and its first page is there.
  enterTest = ''
    wait_for_port ${toString ports.server} 180
    wait_for_port ${toString ports.storefront} 180
    curl --fail --silent --show-error --retry 30 --retry-delay 2 --retry-all-errors http://127.0.0.1:${toString ports.server}/ready
    curl --fail --silent --show-error --retry 30 --retry-delay 2 --retry-all-errors --output /dev/null http://127.0.0.1:${toString ports.storefront}/eu
  '';
}
