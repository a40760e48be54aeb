{
  description = "The whole business system of Research Relay: shop, payments, host and pipeline";

  inputs = {
    disko.url = "github:nix-community/disko";
    disko.inputs.nixpkgs.follows = "nixpkgs";
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
  };

  outputs =
    {
      self,
      disko,
      nixpkgs,
    }:
    let
      system = "x86_64-linux";
      pkgs = nixpkgs.legacyPackages.${system};
      host =
        path:
        nixpkgs.lib.nixosSystem {
          modules = [
            { nixpkgs.hostPlatform = system; }
            path
            self.nixosModules.rr-bizops
          ];
        };
    in
    {
      nixosConfigurations.shops-app-01 = host ./nixos/hosts/shops-app-01;
      nixosModules.rr-bizops = import ./nixos/rr-bizops.nix { inherit disko; };

      checks.${system} = import ./nixos/tests { inherit self host pkgs; };
      devShells.${system}.default = import ./nixos/shell.nix { inherit pkgs; };
      formatter.${system} = pkgs.nixfmt-tree;
      packages.${system}.options = import ./nixos/tests/options-doc.nix { inherit host pkgs; };
    };
}
