# Redis 7, three servers, so that a full one refuses no write of the others: BullMQ's jobs, events and locks;
# admins' sessions; counters and cache. One password opens all: it comes from REDIS_URL.
{ config, lib, ... }:
let
  cfg = config.rr;

  # An evicted key would be a lost job, or an admin who is signed out.
  keeps = {
    appendOnly = true;
    appendFsync = "everysec";
    settings.maxmemory-policy = "noeviction";
  };
  # Everything here has an end of its own; what ends soonest makes room.
  forgets = {
    appendOnly = false;
    settings.maxmemory-policy = "volatile-ttl";
  };

  server =
    port: maxmemory: policy:
    policy
    // {
      enable = true;
      bind = "127.0.0.1";
      inherit port;
      # From REDIS_URL, by rr-secrets: host and containers read one line.
      requirePassFile = "/run/rr-bizops/redis-password";
      # The append-only file is the memory; snapshots beside it would only double the writes.
      save = [ ];
      settings = policy.settings // {
        inherit maxmemory;
      };
    };

  servers = {
    default = server 6379 "512mb" keeps;
    # Ten sessions of an admin at the most, a kilobyte each.
    sessions = server cfg.queue.sessionsPort "64mb" keeps;
    cache = server cfg.queue.cachePort "128mb" forgets;
  };

  unit = {
    # Not requires: making the shares anew must not restart the queue.
    wants = [ "rr-secrets.service" ];
    after = [ "rr-secrets.service" ];
    unitConfig.ConditionPathExists = cfg.environmentFile;
    # NixOS sets none: a Redis that the kernel has ended would stay away.
    serviceConfig = {
      Restart = "always";
      RestartSec = 5;
    };
    # For ever: one that found its disk full must come back by itself when there is room.
    startLimitIntervalSec = 0;
  };
in
{
  options.rr.queue = {
    enable = lib.mkOption {
      type = lib.types.bool;
      default = true;
      description = "Whether Redis runs on this host; elsewhere, REDIS_URL says where.";
    };
    sessionsPort = lib.mkOption {
      type = lib.types.port;
      default = 6380;
      description = "Port of the Redis that keeps admins' sessions, at the host that REDIS_URL names.";
    };
    cachePort = lib.mkOption {
      type = lib.types.port;
      default = 6381;
      description = "Port of the Redis that has counters and cache, at the host that REDIS_URL names.";
    };
  };

  config = lib.mkIf cfg.queue.enable {
    services.redis.servers = servers;
    systemd.services = lib.mapAttrs' (name: _: lib.nameValuePair "redis-${name}" unit) servers;
  };
}
