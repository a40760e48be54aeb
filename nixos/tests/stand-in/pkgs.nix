# Packages as names: enough to see where a path ends up, nothing can be built.
let
  package = name: {
    inherit name;
    type = "derivation";
    outPath = "/stub/${name}";
    meta.mainProgram = name;
  };
  names = [
    "bash"
    "coreutils"
    "curl"
    "diffutils"
    "findutils"
    "gawk"
    "gnugrep"
    "gnused"
    "gnutar"
    "jq"
    "nodejs_22"
    "openssl"
    "postgresql_16"
    "rclone"
    "redis"
    "systemd"
    "util-linux"
    "zstd"
  ];
in
builtins.listToAttrs (map (name: { inherit name; value = package name; }) names)
// {
  # Reading a program's path builds it, as in nixpkgs: its text and each of its inputs must have a value.
  writeShellApplication =
    { name, text, runtimeInputs ? [ ], ... }:
    let
      program = package name // { inherit text runtimeInputs; };
    in
    program // { outPath = builtins.deepSeq [ text (map toString runtimeInputs) ] program.outPath; };
  writeText = name: text: package name // { inherit text; };
}
