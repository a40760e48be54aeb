# Packages as names: enough to see where a path ends up, nothing can be built.
let
  package = name: {
    inherit name;
    type = "derivation";
    outPath = "/stub/${name}";
    meta.mainProgram = name;
  };
  names = [ "bash" "coreutils" "curl" "findutils" "gawk" "gnused" "systemd" "util-linux" "zstd" "nodejs_22" "gnugrep" "jq" "openssl" "postgresql_16" "redis" ];
in
builtins.listToAttrs (map (name: { inherit name; value = package name; }) names)
// {
  writeShellApplication = { name, text, runtimeInputs ? [ ], ... }: package name // { inherit text runtimeInputs; };
  writeText = name: text: package name // { inherit text; };
}
