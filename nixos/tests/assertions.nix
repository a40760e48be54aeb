# What must hold of a host, as sentences an operator would say. `ok` is the verdict, `saw` what was found.
# Run against the stand-in by npm test and against nixpkgs by `nix flake check`.
{ config, lib }:
let
  inherit (lib)
    all
    any
    attrNames
    concatMap
    elem
    filter
    filterAttrs
    hasInfix
    hasPrefix
    mapAttrsToList
    ;
  inherit (builtins) toJSON;
  cfg = config.rr;
  services = config.systemd.services;
  redis = config.services.redis.servers;
  containers = config.virtualisation.oci-containers.containers;
  says = sentence: ok: saw: { inherit sentence ok saw; };

  each = f: all (name: f name containers.${name}) (attrNames containers);
  onHost = filterAttrs (_: container: elem "host" container.networks) containers;
  published = concatMap (name: containers.${name}.ports) (attrNames containers);
  unitOf = name: services."docker-${name}";
  # Every string that would lie in the world-readable store.
  stored = toJSON [
    (mapAttrsToList (_: container: [ container.environment container.extraOptions ]) containers)
    (mapAttrsToList (_: unit: [ unit.environment unit.serviceConfig ]) (
      filterAttrs (name: _: hasPrefix "rr-" name || hasPrefix "docker-" name || name == "caddy") services
    ))
    config.services.redis.servers
    config.services.postgresql.settings
    (mapAttrsToList (_: file: file.text) config.environment.etc)
  ];
  secretNames = map (each: each.name) (
    filter (each: each.secret) (builtins.fromJSON (builtins.readFile ../secrets/schema.json))
  );
  ours = filterAttrs (name: _: hasPrefix "rr-" name) services;

  network = [
    (says "only 22, 80 and 443 are open, for TCP" (
      config.networking.firewall.allowedTCPPorts == [ 22 ] ++ lib.optionals cfg.web.enable [ 80 443 ]
    ) config.networking.firewall.allowedTCPPorts)
    (says "no UDP port is open" (config.networking.firewall.allowedUDPPorts == [ ])
      config.networking.firewall.allowedUDPPorts)
    (says "the firewall runs" config.networking.firewall.enable config.networking.firewall.enable)
    (says "a published container port is bound to loopback (problem 3)"
      (all (port: hasPrefix "127.0.0.1:" port) published) published)
    (says "a container on the host's network listens on loopback (problem 3)"
      (all (container: container.environment.HOST == "127.0.0.1") (builtins.attrValues onHost))
      (attrNames onHost))
    (says "the storefront is not on the host's network, where the database is"
      (all (name: !(hasPrefix "storefront" name)) (attrNames onHost)) (attrNames onHost))
  ];

  access = [
    (says "nobody signs in by password" (
      !config.services.openssh.settings.PasswordAuthentication
      && !config.services.openssh.settings.KbdInteractiveAuthentication
    ) config.services.openssh.settings)
    (says "every key of the pipeline is bound to the forced command" (
      all (key: hasPrefix "restrict,command=\"" key && hasInfix "rr-ssh-gate" key)
        config.users.users.deploy.openssh.authorizedKeys.keys
    ) config.users.users.deploy.openssh.authorizedKeys.keys)
    (says "the deploy user may become root for rr-deploy and nothing else" (
      map (rule: map (each: each.command) rule.commands)
        (filter (rule: elem "deploy" rule.users) config.security.sudo.extraRules)
      == [ [ "/run/current-system/sw/bin/rr-deploy" ] ]
    ) config.security.sudo.extraRules)
    (says "only declared users exist" (!config.users.mutableUsers) config.users.mutableUsers)
  ];

  secrets = [
    (says "the file of secrets is a string, so it is never copied into the store"
      (builtins.isString cfg.environmentFile && !(hasPrefix "/nix/store" cfg.environmentFile))
      cfg.environmentFile)
    (says "each container reads only its own share of the secrets" (
      each (name: container:
        container.environmentFiles
        == [ "/run/rr-bizops/${if hasPrefix "storefront" name then "storefront" else "medusa"}.env" ]
      )
    ) (mapAttrsToList (_: container: container.environmentFiles) containers))
    (says "no secret is set in a container's or unit's environment" (
      each (_: container: !(any (name: elem name secretNames) (attrNames container.environment)))
      && all (unit: !(any (name: elem name secretNames) (attrNames unit.environment))) (builtins.attrValues services)
    ) secretNames)
    (says "nothing that lies in the store holds a password in an address"
      (builtins.match ".*[a-z]://[^\"/]*:[^\"/]+@.*" stored == null) "")
    (says "the shares are made before anything reads them" (
      each (name: _: elem "rr-secrets.service" (unitOf name).after && elem "rr-secrets.service" (unitOf name).wants)
    ) "")
    (says "making the shares anew restarts neither the shop nor the queue (problem 14)" (
      all (unit: !(elem "rr-secrets.service" unit.requires)) (builtins.attrValues services)
    ) "")
  ];

  # pg_hba, a list of words for each line that is no comment.
  entrances = filter (line: line != [ ] && !(hasPrefix "#" (builtins.head line))) (
    map (line: filter (word: builtins.isString word && word != "") (builtins.split "[ \t]+" line)) (
      filter builtins.isString (builtins.split "\n" config.services.postgresql.authentication)
    )
  );

  database = [
    (says "PostgreSQL takes no connection from outside (problem 2)" (
      !config.services.postgresql.enableTCPIP
    ) config.services.postgresql.enableTCPIP)
    (says "PostgreSQL is 16" (hasInfix "postgresql" "${config.services.postgresql.package}"
      && hasInfix "16" "${config.services.postgresql.package}") "${config.services.postgresql.package}")
    (says "role medusa comes to its database, and to what is restored of it, by password and to no other" (
      filter (line: elem "medusa" line) entrances
      == map (databases: [ "host" databases "medusa" "127.0.0.1/32" "scram-sha-256" ]) [
        "research-relay"
        # What a restore and a drill load.
        "rr-restoring,rr-drill"
      ]
      && all (line: elem "medusa" line || elem "postgres" line && lib.last line == "peer") entrances
    ) config.services.postgresql.authentication)
    (says "the owner is set by a unit of its own, not by ensureDBOwnership (problem 1)" (
      all (user: !user.ensureDBOwnership) config.services.postgresql.ensureUsers
      && elem "postgresql.target" services.rr-database.requires
      && elem "postgresql.target" services.rr-database.after
    ) config.services.postgresql.ensureUsers)
    (says "the database's password reaches its unit as a credential (problem 2)" (
      services.rr-database.serviceConfig.LoadCredential == "database-url:/run/rr-bizops/database-url"
      && services.rr-database.serviceConfig.User == "postgres"
    ) services.rr-database.serviceConfig)
    (says "the night's set is made at three, and later if the host was down then" (
      config.systemd.timers.rr-backup.timerConfig.OnCalendar == "*-*-* 03:00:00"
      && config.systemd.timers.rr-backup.timerConfig.Persistent
    ) config.systemd.timers.rr-backup)
    (says "a set goes off-site whatever became of this night's" (
      elem "rr-offsite.service" services.rr-backup.onSuccess
      && elem "rr-offsite.service" services.rr-backup.onFailure
      && elem "rr-failed@%N.service" services.rr-backup.onFailure
    ) services.rr-backup.onFailure)
    (says "a rebuild ends no night, no copy and no drill" (
      all (name: !services.${name}.restartIfChanged) [ "rr-backup" "rr-offsite" "rr-drill" "rr-wal" ]
    ) "")
    (says "three dead-man's addresses hear of the night, the off-site copy and the drill" (
      all (pair: hasInfix " --ping ${pair.ping} " services.${pair.unit}.serviceConfig.ExecStart) [
        { unit = "rr-backup"; ping = "PING_BACKUP_URL"; }
        { unit = "rr-offsite"; ping = "PING_OFFSITE_URL"; }
        { unit = "rr-drill"; ping = "PING_DRILL_URL"; }
      ]
    ) services.rr-backup.serviceConfig.ExecStart)
    (says "PostgreSQL may write its archived changes, and they go off-site each minute" (
      config.systemd.timers.rr-wal.timerConfig.OnCalendar == "minutely"
      && elem "/var/lib/rr-bizops/wal" services.postgresql.serviceConfig.ReadWritePaths
    ) services.postgresql.serviceConfig)
    (says "at most five minutes of orders are at risk: three for archive_timeout, one for the timer, one for the upload" (
      config.services.postgresql.settings.archive_mode
      && config.services.postgresql.settings.archive_timeout + 60 + 60 <= 300
      && hasInfix "rr-archive-wal %p %f" config.services.postgresql.settings.archive_command
      && elem [ "local" "replication" "postgres" "peer" ] entrances
    ) config.services.postgresql.settings)
    (says "nothing else runs heavily at three" (config.nix.gc.dates == [ "Sun 05:30" ]) config.nix.gc.dates)
  ];

  queue = [
    (says "Redis evicts no job (problem 11)" (
      redis.default.settings.maxmemory-policy == "noeviction"
    ) redis.default.settings)
    (says "Redis keeps its queue through a restart (problem 11)" redis.default.appendOnly redis.default)
    (says "every Redis listens on loopback and asks for a password" (
      all (each: each.bind == "127.0.0.1" && each.requirePassFile == "/run/rr-bizops/redis-password")
        (builtins.attrValues redis)
    ) redis)
    (says "queue, sessions and counters have a Redis each, and none can take all the memory" (
      attrNames redis == [ "cache" "default" "sessions" ]
      && all (each: each.settings.maxmemory != "0") (builtins.attrValues redis)
      && redis.sessions.appendOnly
      && redis.sessions.settings.maxmemory-policy == "noeviction"
      && redis.cache.settings.maxmemory-policy == "volatile-ttl"
    ) redis)
    (says "a Redis that ends is started again, for ever" (
      all (
        name:
        services."redis-${name}".serviceConfig.Restart == "always"
        && services."redis-${name}".startLimitIntervalSec == 0
      ) (attrNames redis)
    ) (map (name: services."redis-${name}".serviceConfig) (attrNames redis)))
    (says "Medusa looks for sessions and counters where Redis keeps them" (
      all (
        container:
        container.environment.REDIS_SESSIONS_PORT == toString redis.sessions.port
        && container.environment.REDIS_CACHE_PORT == toString redis.cache.port
      ) (builtins.attrValues onHost)
    ) (mapAttrsToList (_: container: container.environment) onHost))
  ];

  apps = [
    (says "the specification's three parts run, servers in two slots" (
      attrNames containers == [
        "medusa-server-blue"
        "medusa-server-green"
        "medusa-worker"
        "storefront-blue"
        "storefront-green"
      ]
    ) (attrNames containers))
    (says "exactly one container is the worker, and it serves no admin" (
      filter (name: (containers.${name}.environment.MEDUSA_WORKER_MODE or "") == "worker") (attrNames containers)
      == [ "medusa-worker" ]
      && containers.medusa-worker.environment.DISABLE_MEDUSA_ADMIN == "true"
    ) containers.medusa-worker.environment)
    (says "no two containers want one port" (
      let
        ports = map (container: container.environment.PORT) (builtins.attrValues onHost) ++ published;
      in
      builtins.length ports == builtins.length (lib.unique ports)
    ) published)
    (says "every container is read-only, without capabilities or new privileges, and not root" (
      each (_: container:
        elem "--read-only" container.extraOptions
        && elem "--security-opt=no-new-privileges" container.extraOptions
        && container.capabilities.ALL == false
        && container.user == "1000:1000"
      )
    ) "")
    (says "every container has a limit of memory, of processes and of logs, and a health check" (
      each (_: container:
        all (wanted: any (option: hasPrefix wanted option) container.extraOptions) [
          "--memory="
          "--pids-limit="
          "--log-opt=max-size="
          "--health-cmd="
          "--stop-timeout="
        ]
      )
    ) "")
    (says "a migration runs as its release does: the same limits, no capabilities, not root" (
      let
        inherit ((builtins.fromJSON config.environment.etc."rr-bizops/apps.json".text).medusa) run;
        server = containers.medusa-server-blue;
        # What only a container that goes on has.
        lasting = option: hasPrefix "--health-" option || hasPrefix "--stop-timeout=" option;
      in
      all (option: lasting option || elem option run) server.extraOptions
      && all (option: elem option run) [
        "--user=${server.user}"
        "--cap-drop=ALL"
        "--log-driver=${server.log-driver}"
        "--pull=never"
      ]
    ) config.environment.etc."rr-bizops/apps.json".text)
    (says "product files live on the host's volume, not in a container (problem 9)" (
      all (name: elem "/var/lib/rr-bizops/uploads:/app/static" containers.${name}.volumes) (attrNames onHost)
      && all (container: container.environment.UPLOADS_DIR == "/app/static") (builtins.attrValues onHost)
    ) "")
    (says "private files lie apart from what is public and from what is backed up" (
      all (name: elem "/var/lib/rr-bizops/private-files:/app/private-files" containers.${name}.volumes) (attrNames onHost)
      && all (container: container.environment.PRIVATE_FILES_DIR == "/app/private-files") (builtins.attrValues onHost)
      && config.systemd.tmpfiles.settings."20-rr-apps"."/var/lib/rr-bizops/private-files".d.mode == "0700"
    ) "")
    (says "a rebuild restarts neither Docker nor an app that deploys rule (problem 14)" (
      !services.docker.restartIfChanged
      && all (name: (hasPrefix "rr-bizops/" containers.${name}.image) -> !(unitOf name).restartIfChanged) (attrNames containers)
    ) "")
    (says "a start needs no registry while deploys rule" (
      each (_: container: hasPrefix "rr-bizops/" container.image -> container.pull == "never")
    ) "")
    (says "a missing image is skipped, not failed (problem 16)" (
      each (name: container: container.pull == "never" -> (unitOf name).serviceConfig ? ExecCondition)
    ) "")
    (says "an app whose database is away is tried again for ever" (
      each (name: _: (unitOf name).startLimitIntervalSec == 0 && (unitOf name).serviceConfig.RestartSec >= 2)
    ) "")
    (says "a restart of the database does not restart the shop" (
      each (name: _: !(elem "rr-database.service" (unitOf name).requires) && !(elem "postgresql.service" (unitOf name).requires))
    ) "")
    (says "only flagged slots start" (
      each (name: _: elem "/var/lib/rr-bizops/active/${name}" (unitOf name).unitConfig.ConditionPathExists)
    ) "")
    (says "no automatic prune eats the releases to go back to (problem 16)"
      (!config.virtualisation.docker.autoPrune.enable) config.virtualisation.docker.autoPrune)
  ];

  web = [
    (says "Caddy reads where an app is from a folder that a rebuild does not write (problem 14)" (
      services.caddy.environment.RR_WAYS == "/var/lib/rr-bizops/ways"
      && elem "rr-slots.service" services.caddy.after
    ) services.caddy.environment)
    (says "Caddy's admin API is a socket that its own user and root can open" (
      elem "\tadmin unix/{$RR_CADDY_ADMIN:/run/caddy/admin.sock}|0600" (
        builtins.split "\n" (builtins.readFile ../caddy/Caddyfile)
      )
      && !(services.caddy.environment ? RR_CADDY_ADMIN)
      && services.caddy.serviceConfig.RuntimeDirectory == "caddy"
      && services.caddy.serviceConfig.RuntimeDirectoryMode == "0700"
    ) services.caddy.serviceConfig)
    (says "Caddy sees the assets read-only and without links" (
      let
        shown = filter (mount: mount.where == services.caddy.environment.RR_ASSETS) config.systemd.mounts;
      in
      map (mount: mount.what) shown == [ "/var/lib/rr-bizops/assets" ]
      && all (option: all (mount: elem option (builtins.split "," mount.options)) shown) [ "bind" "ro" "nosymfollow" ]
      && elem "run-rr\\x2dassets.mount" services.caddy.after
      && elem "run-rr\\x2dassets.mount" services.caddy.wants
    ) config.systemd.mounts)
    (says "Caddy knows the shop's domain" (services.caddy.environment.RR_DOMAIN == cfg.web.domain)
      services.caddy.environment)
    (says "the store API is as open as rr.web.storeApi says, at Caddy and at Medusa" (
      services.caddy.environment.RR_STORE_API or null == cfg.web.storeApi
      && all (name: containers.${name}.environment.STORE_API or null == cfg.web.storeApi) [
        "medusa-server-blue"
        "medusa-server-green"
        "medusa-worker"
      ]
    ) cfg.web.storeApi)
    (says "the admin is open to whom rr.admin.allowFrom names" (
      (services.caddy.environment.RR_ADMIN_FROM or "") == lib.concatStringsSep " " cfg.admin.allowFrom
    ) services.caddy.environment)
    (says "Caddy is tried again for ever, whatever it ended with" (
      services.caddy.startLimitIntervalSec == 0 && services.caddy.serviceConfig.RestartPreventExitStatus == ""
    ) services.caddy.serviceConfig)
  ];

  # What runs each minute has mended itself before a mail is read; the checks see it stand.
  untold = filter (
    name:
    !(elem name ([ "rr-failed@" ] ++ cfg.watch.units))
    && (config.systemd.timers.${name}.timerConfig.OnCalendar or "") != "minutely"
  ) (attrNames ours);
  watch = [
    (says "every unit of our own but the one of each minute is in rr.watch.units, so that its failure is an alarm at once" (
      untold == [ ]
    ) untold)
    (says "what fails in rr.watch.units starts rr-failed@, which does not start itself" (
      all (name: elem "rr-failed@%N.service" services.${name}.onFailure) cfg.watch.units
      && services."rr-failed@".onFailure == [ ]
    ) cfg.watch.units)
    (says "the checks run every five minutes, and their silence is noticed elsewhere" (
      config.systemd.timers.rr-watch.timerConfig.OnCalendar == "*:0/5"
      && hasInfix "rr-job watch --ping PING_WATCH_URL -- " services.rr-watch.serviceConfig.ExecStart
    ) services.rr-watch.serviceConfig.ExecStart)
    (says "the watch knows which parts this host has" (
      let
        told = builtins.fromJSON config.environment.etc."rr-bizops/watch.json".text;
      in
      told.apps == cfg.apps.enable && told.database == cfg.database.enable && told.backups == cfg.backups.enable
      && elem "/" told.disks && (cfg.web.enable -> elem cfg.web.domain told.sites)
    ) config.environment.etc."rr-bizops/watch.json".text)
  ];

  upkeep = [
    (says "old generations are kept by count, not thrown away by age" (
      !(hasInfix "older-than" config.nix.gc.options)
      && hasInfix "--delete-generations +${toString cfg.updates.keepGenerations}" services.nix-gc.preStart
    ) services.nix-gc.preStart)
    (says "the host never reboots by itself" (!config.system.autoUpgrade.allowReboot) "")
    (says "logs and container logs cannot fill the disk" (hasInfix "SystemMaxUse=" config.services.journald.extraConfig)
      config.services.journald.extraConfig)
    (says "every unit of our own drops what it does not need" (
      all (unit: unit.serviceConfig.NoNewPrivileges && unit.serviceConfig.ProtectSystem == "strict") (builtins.attrValues ours)
    ) (attrNames ours))
  ];
in
network
++ access
++ secrets
++ lib.optionals cfg.database.enable database
++ lib.optionals cfg.queue.enable queue
++ lib.optionals cfg.apps.enable apps
++ lib.optionals cfg.web.enable web
++ watch
++ upkeep
