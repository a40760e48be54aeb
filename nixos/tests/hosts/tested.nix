# shops-app-01 with a key of each kind, so that an evaluation sees what keys lead to.
{
  imports = [ ../../hosts/shops-app-01 ];
  rr.adminKeys = [ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleOfAnAdministrator admin" ];
  rr.deployKeys = [ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleOfThePipeline00000 pipeline" ];
}
