# Redis 7: BullMQ's jobs, events, sessions, locks. An evicted key would be a lost job.
{ config, lib, ... }:
let
  cfg = config.rr;
in
{
  options.rr.queue.enable = lib.mkOption {
    type = lib.types.bool;
    default = true;
    description = "Whether Redis runs on this host; elsewhere, REDIS_URL says where.";
  };

  config = lib.mkIf cfg.queue.enable {
    services.redis.servers.default = {
      enable = true;
      bind = "127.0.0.1";
      port = 6379;
      # From REDIS_URL, by rr-secrets: host and containers read one line.
      requirePassFile = "/run/rr-bizops/redis-password";
      appendOnly = true;
      appendFsync = "everysec";
      # The append-only file is the memory; snapshots beside it would only double the writes.
      save = [ ];
      settings = {
        maxmemory = "512mb";
        maxmemory-policy = "noeviction";
      };
    };
    systemd.services.redis-default = {
      # Not requires: making the shares anew must not restart the queue.
      wants = [ "rr-secrets.service" ];
      after = [ "rr-secrets.service" ];
      unitConfig.ConditionPathExists = cfg.environmentFile;
    };
  };
}
