# One virtual machine from the declared modules: secrets to database to Redis to Caddy, across a reboot.
# Runs where Nix has KVM (`nix flake check` on GitHub's runners); it has not been run elsewhere.
{ self, pkgs }:
pkgs.testers.runNixOSTest {
  name = "shops-app";
  nodes.machine =
    { lib, ... }:
    {
      imports = [ self.nixosModules.rr-bizops ];
      rr.adminKeys = [ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleOfAnAdministrator admin" ];
      rr.web.email = "owner@example.org";
      # The test driver has its own disk and network.
      disko.enableConfig = false;
      networking.useNetworkd = lib.mkForce false;
      networking.useDHCP = lib.mkForce true;
      virtualisation.memorySize = 3072;
      virtualisation.diskSize = 4096;
      services.postgresql.settings.shared_buffers = lib.mkForce "128MB";
    };
  testScript = ''
    machine.wait_for_unit("multi-user.target")

    with subtest("without secrets the host is up and nothing has failed"):
        machine.fail("test -e /etc/rr-bizops/.env")
        assert "0 loaded units" in machine.succeed("systemctl --failed")

    with subtest("rr-env makes what can be made, and the units take it"):
        machine.succeed("rr-env generate example.org")
        machine.succeed("test $(stat -c %a /etc/rr-bizops/.env) = 600")
        machine.succeed("systemctl restart rr-secrets rr-database redis-default redis-sessions redis-cache")
        for name in ["default", "sessions", "cache"]:
            machine.wait_for_unit(f"redis-{name}.service")

    with subtest("role medusa owns its database and comes in by password only"):
        machine.succeed("psql $(sed -n 's/^DATABASE_URL=//p' /etc/rr-bizops/.env) -c 'CREATE TABLE t (i int)'")
        machine.fail("psql postgres://medusa:wrong@127.0.0.1/research-relay -c 'SELECT 1'")

    with subtest("a rotated password is the only one that works"):
        before = machine.succeed("sed -n 's/^DATABASE_URL=//p' /etc/rr-bizops/.env").strip()
        machine.succeed("rr-env rotate DATABASE_URL --apply")
        machine.fail(f"psql {before} -c 'SELECT 1'")

    with subtest("a queue outlives a restart of Redis"):
        cli = "redis-cli -u $(sed -n 's/^REDIS_URL=//p' /etc/rr-bizops/.env)"
        machine.succeed(f"{cli} rpush queue job")
        machine.succeed("sleep 2; systemctl restart redis-default")
        machine.wait_until_succeeds(f"test $({cli} llen queue) = 1")

    with subtest("each Redis has the same password"):
        for port in [6379, 6380, 6381]:
            machine.succeed(f"{cli} -p {port} set key value ex 60 | grep OK")

    with subtest("a Redis that was killed comes back by itself"):
        machine.succeed("systemctl kill -s KILL redis-sessions")
        machine.wait_until_succeeds(f"{cli} -p 6380 ping | grep PONG")

    with subtest("containers without an image are skipped, not failed"):
        assert "0 loaded units" in machine.succeed("systemctl --failed")

    with subtest("nothing listens but what nixos/modules/loopback.nix names"):
        said = machine.succeed("rr-watch check listening")
        assert said.startswith("well\tlistening\t"), said

    with subtest("Caddy's admin API is a socket of its own user's, and a reload finds it"):
        machine.wait_for_unit("caddy.service")
        assert machine.succeed("stat -c '%U %a' /run/caddy /run/caddy/admin.sock").split() == ["caddy", "700", "caddy", "600"]
        machine.succeed("systemctl reload caddy")

    with subtest("Caddy sees the assets, and no link among them"):
        machine.succeed("mkdir -p /var/lib/rr-bizops/assets/_next/static && ln -s /etc/passwd /var/lib/rr-bizops/assets/_next/static/link")
        machine.succeed("findmnt --mountpoint /run/rr-assets")
        machine.fail("cat /run/rr-assets/_next/static/link")

    with subtest("all of it comes back after a power loss"):
        machine.crash()
        machine.wait_for_unit("multi-user.target")
        machine.wait_until_succeeds(f"test $({cli} llen queue) = 1")
        assert "0 loaded units" in machine.succeed("systemctl --failed")
  '';
}
