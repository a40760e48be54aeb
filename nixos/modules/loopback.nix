# What a container on the host's network can reach on its loopback, each with its reason. The firewall says
# what the world reaches; this says what Medusa's containers do. rr-watch looks whether anything else listens.
{ config, lib, ... }:
let
  cfg = config.rr;
  inherit (cfg.apps) medusa storefront;

  row = protocol: what: port: why: guard: {
    inherit
      protocol
      port
      what
      why
      guard
      ;
  };
  tcp = row "tcp";
  udp = row "udp";

  kept = {
    default = "Medusa's queue";
    sessions = "admins' sessions";
    cache = "counters and cache";
  };
  redis = lib.mapAttrsToList (
    name: server: tcp "Redis (${name})" server.port (kept.${name} or name) "a password (`REDIS_URL`)"
  ) (lib.filterAttrs (_: server: server.enable && server.port != 0) config.services.redis.servers);
  server = slot: tcp "Medusa's server (${slot})" medusa.ports.${slot} "Caddy leads visitors there" "Medusa's own sign-in, as for everybody";
  shop = slot: tcp "the storefront (${slot})" storefront.ports.${slot} "Caddy leads visitors there" "what everybody may ask";
in
{
  options.rr.loopback = lib.mkOption {
    type = lib.types.listOf (
      lib.types.submodule {
        options = {
          protocol = lib.mkOption {
            type = lib.types.enum [ "tcp" "udp" ];
            description = "Protocol.";
          };
          port = lib.mkOption {
            type = lib.types.port;
            description = "Port, on loopback or on all addresses.";
          };
          what = lib.mkOption {
            type = lib.types.str;
            description = "Who listens.";
          };
          why = lib.mkOption {
            type = lib.types.str;
            description = "Why it must.";
          };
          guard = lib.mkOption {
            type = lib.types.str;
            description = "What a container that was taken over still has to get past.";
          };
        };
      }
    );
    internal = true;
    description = "All that listens on the host's network.";
  };

  config = {
    rr.loopback =
      [ (tcp "sshd" 22 "people administer the host, the pipeline deploys" "a key") ]
      ++ [
        (tcp "systemd-resolved" 53 "names are looked up" "answers questions and takes nothing")
        (udp "systemd-resolved" 53 "names are looked up" "answers questions and takes nothing")
        (udp "systemd-networkd" 68 "the host's address comes by DHCP" "takes answers to its own questions")
      ]
      ++ lib.optionals cfg.web.enable [
        (tcp "Caddy" 80 "leads to HTTPS, proves the domain to Let's Encrypt" "what everybody may ask")
        (tcp "Caddy" 443 "the two sites" "what everybody may ask; its admin API is a socket of its own user's")
        (udp "Caddy" 443 "HTTP/3, which the firewall keeps from the world" "what everybody may ask")
      ]
      ++ lib.optional cfg.database.enable (
        tcp "PostgreSQL" 5432 "Medusa's data" "a password (`DATABASE_URL`), for one role and one database"
      )
      ++ lib.optionals cfg.queue.enable redis
      ++ lib.optionals cfg.apps.enable [
        (server "blue")
        (server "green")
        (tcp "Medusa's worker" medusa.ports.worker "its health, for Docker and deploys" "serves no admin")
        (shop "blue")
        (shop "green")
      ];

    # Names of the machines around this one: nobody here asks for them, and it would listen to the world.
    services.resolved.settings.Resolve = {
      LLMNR = false;
      MulticastDNS = false;
    };
  };
}
