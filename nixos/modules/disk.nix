# One disk, declared for disko: boots by BIOS and by UEFI, as Hetzner Cloud has machines of both.
{ config, lib, ... }:
{
  options.rr.disk = lib.mkOption {
    type = lib.types.path;
    default = "/dev/sda";
    description = "The disk that nixos-anywhere erases and fills.";
  };

  config = {
    # Partition names become labels that the boot needs: renaming one later means no boot.
    disko.devices.disk.main = {
      type = "disk";
      device = config.rr.disk;
      content = {
        type = "gpt";
        partitions = {
          boot = {
            size = "1M";
            type = "EF02";
          };
          ESP = {
            size = "1G";
            type = "EF00";
            content = {
              type = "filesystem";
              format = "vfat";
              mountpoint = "/boot";
              mountOptions = [ "umask=0077" ];
            };
          };
          root = {
            size = "100%";
            content = {
              type = "filesystem";
              format = "ext4";
              mountpoint = "/";
            };
          };
        };
      };
    };
    # disko sets grub's device from the EF02 partition; setting it twice fails the build.
    boot.loader.grub.efiSupport = true;
    boot.loader.grub.efiInstallAsRemovable = true;
  };
}
