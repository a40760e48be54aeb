# The whole shop host; every concern is a file, and what a host runs is chosen by options under `rr`.
{
  imports = [
    ./admin-access.nix
    ./apps.nix
    ./backups.nix
    ./base.nix
    ./caddy.nix
    ./containers.nix
    ./database.nix
    ./deploy.nix
    ./disk.nix
    ./firewall.nix
    ./loopback.nix
    ./network.nix
    ./queue.nix
    ./secrets.nix
    ./ssh.nix
    ./updates.nix
    ./watch.nix
  ];
}
