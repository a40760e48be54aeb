# The shell programs of a host, as `pkgs.writeShellApplication` is given them, for who runs them without a
# store. Each path that is read says one line of JSON by `builtins.trace`: a path alone does not tell what lies
# there. The value is the host's facts.
{ host }:
let
  pkgs = import ./stand-in/pkgs.nix;
  announced =
    { name, text, runtimeInputs ? [ ], ... }@given:
    let
      program = pkgs.writeShellApplication given;
      line = builtins.toJSON { inherit name text; inputs = map toString runtimeInputs; };
    in
    program // { outPath = builtins.trace line program.outPath; };
in
import ./facts.nix {
  inherit host;
  pkgs = pkgs // { writeShellApplication = announced; };
}
