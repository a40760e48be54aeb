# The shop's containers under oci-containers. Each app has two static slots, blue and green, so that a
# deploy starts the new beside the old; a flag file says which slots run, also after a reboot.
{ config, lib, pkgs, ... }:
let
  cfg = config.rr;
  inherit (cfg.apps) medusa storefront;
  hardened = import ../systemd/hardened.nix;
  held = import ../systemd/container.nix;
  docker = lib.getExe' config.virtualisation.docker.package "docker";
  active = "/var/lib/rr-bizops/active";

  # Fetches its own readiness with what the image has: there is no curl.
  healthy = port: path: "node -e \"fetch('http://127.0.0.1:${toString port}${path}').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))\"";

  # One container that serves; what holds it is in systemd/container.nix.
  container =
    {
      app,
      tag,
      memory,
      health,
      environment,
      secrets,
      ports ? [ ],
      volumes ? [ ],
      hostNetwork ? false,
      stopSeconds ? 30,
      tmpfs ? [ ],
    }:
    {
      # A local tag that a deploy moves: no rebuild can change the release, and no restart needs the registry.
      image = if app.pin == null then "rr-bizops/${tag}" else "${app.image}:${app.pin}";
      pull = if app.pin == null then "never" else "missing";
      inherit (held) log-driver user capabilities;
      inherit environment ports volumes;
      environmentFiles = [ secrets ];
      networks = lib.optional hostNetwork "host";
      extraOptions = held.options { inherit memory tmpfs; } ++ [
        "--stop-timeout=${toString stopSeconds}"
        "--health-cmd=${health}"
        "--health-interval=10s"
        "--health-timeout=3s"
        "--health-start-period=60s"
        "--health-retries=3"
      ];
    };

  medusaSlot = slot: container {
    app = medusa;
    tag = "medusa:${slot}";
    memory = "1g";
    health = healthy medusa.ports.${slot} "/health";
    hostNetwork = true;
    secrets = "/run/rr-bizops/medusa.env";
    # Product files, which backups cover; exports and imports, which they do not and which end after a
    # day. With S3_ variables both stay empty.
    volumes = [
      "/var/lib/rr-bizops/uploads:/app/static"
      "/var/lib/rr-bizops/private-files:/app/private-files"
    ];
    environment = {
      NODE_ENV = "production";
      HOST = "127.0.0.1";
      PORT = toString medusa.ports.${slot};
      UPLOADS_DIR = "/app/static";
      STORE_API = cfg.web.storeApi;
      PRIVATE_FILES_DIR = "/app/private-files";
      REDIS_SESSIONS_PORT = toString cfg.queue.sessionsPort;
      REDIS_CACHE_PORT = toString cfg.queue.cachePort;
      # Deploys migrate, as a step of their own.
      RR_MIGRATE = "never";
    } // (
      if slot == "worker" then
        {
          MEDUSA_WORKER_MODE = "worker";
          DISABLE_MEDUSA_ADMIN = "true";
        }
      else
        { MEDUSA_WORKER_MODE = "server"; }
    );
    # A job in the middle of a payment gets its time.
    stopSeconds = if slot == "worker" then 60 else 30;
  };

  storefrontSlot = slot: container {
    app = storefront;
    tag = "storefront:${slot}";
    memory = "768m";
    health = healthy 8000 "/api/health";
    # Loopback: a published port passes by the firewall.
    ports = [ "127.0.0.1:${toString storefront.ports.${slot}}:8000" ];
    secrets = "/run/rr-bizops/storefront.env";
    environment = {
      NODE_ENV = "production";
      HOSTNAME = "0.0.0.0";
      PORT = "8000";
      STOREFRONT_URL = "https://${cfg.web.domain}";
      NEXT_PUBLIC_MEDUSA_BACKEND_URL = "https://api.${cfg.web.domain}";
    };
    tmpfs = [ "/app/storefront/.next/cache" ];
  };

  containers = {
    medusa-server-blue = medusaSlot "blue";
    medusa-server-green = medusaSlot "green";
    medusa-worker = medusaSlot "worker";
    storefront-blue = storefrontSlot "blue";
    storefront-green = storefrontSlot "green";
  };

  # What systemd must know of a slot beyond what oci-containers writes.
  unit = name: each: {
    requires = [ "docker.service" ];
    # After, not requires: neither a restart of the database nor new shares of the secrets restart the shop.
    wants = [ "rr-secrets.service" "rr-slots.service" ];
    after = [
      "rr-secrets.service"
      "rr-slots.service"
      "rr-database.service"
      "redis-default.service"
      "redis-sessions.service"
      "redis-cache.service"
    ];
    # A switch changes no container: new settings come with the next deploy or reboot. Only a pin,
    # which says which release must run, restarts it.
    restartIfChanged = lib.hasPrefix "ghcr.io" each.image;
    stopIfChanged = false;
    unitConfig.ConditionPathExists = [ cfg.environmentFile "${active}/${name}" ];
    # Before the first deploy there is no image: that is skipped, not failed.
    serviceConfig = {
      ExecCondition = lib.mkIf (each.pull == "never") "${docker} image inspect --format {{.Id}} ${each.image}";
      RestartSec = 5;
    };
    # Restarted for ever: a shop whose database is away for an hour must come back by itself.
    startLimitIntervalSec = 0;
  };
in
{
  config = lib.mkIf cfg.apps.enable {
    virtualisation.docker = {
      enable = true;
      # Its prune takes every image without a container: the releases to go back to. rr-deploy prunes.
      autoPrune.enable = false;
      daemon.settings.log-level = "warn";
    };
    virtualisation.oci-containers = {
      backend = "docker";
      inherit containers;
    };

    systemd.services = {
      # A restarted daemon ends every container: it waits for the reboot that a person chooses.
      docker.restartIfChanged = false;
      docker.stopIfChanged = false;
      # A fifth of what visitors' processes get: pulling and keeping images must not be felt. Containers
      # have groups of their own.
      docker.serviceConfig.CPUWeight = 20;

      rr-slots = {
        description = "The slots, and Caddy's way to them, that the state of deploys names";
        wantedBy = [ "multi-user.target" ];
        after = [ "docker.service" ];
        before = map (name: "docker-${name}.service") (lib.attrNames containers);
        # For boots alone: a switch must not move what a deploy is moving.
        restartIfChanged = false;
        serviceConfig = hardened // {
          Type = "oneshot";
          RemainAfterExit = true;
          ExecStart = "${lib.getExe cfg.deploy.package} boot";
          StateDirectory = "rr-bizops";
          # An image that is gone comes back from its archive.
          RestrictAddressFamilies = "AF_UNIX";
        };
      };
    } // lib.mapAttrs' (name: each: lib.nameValuePair "docker-${name}" (unit name each)) containers;

    # User 1000 of the images owns the files; exports have names and addresses in them.
    systemd.tmpfiles.settings."20-rr-apps" = {
      "/var/lib/rr-bizops/uploads".d = {
        mode = "0755";
        user = "1000";
        group = "1000";
      };
      "/var/lib/rr-bizops/private-files".d = {
        mode = "0700";
        user = "1000";
        group = "1000";
      };
    };
  };
}
