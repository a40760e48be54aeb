# A small stand-in for nixpkgs' lib and module system: as much as nixos/modules use, no more.
# It exists because nixpkgs cannot be fetched everywhere; with-nixpkgs-lib.nix proves that both agree.
let
  inherit (builtins)
    all
    any
    attrNames
    concatLists
    concatMap
    concatStringsSep
    elem
    filter
    foldl'
    hasAttr
    head
    isAttrs
    isBool
    isFunction
    isInt
    isList
    isPath
    isString
    length
    listToAttrs
    map
    mapAttrs
    sort
    toJSON
    ;
in
rec {
  # Functions of nixpkgs' lib, with their names.
  nameValuePair = name: value: { inherit name value; };
  mapAttrsToList = f: set: map (name: f name set.${name}) (attrNames set);
  mapAttrs' = f: set: listToAttrs (mapAttrsToList f set);
  filterAttrs = keep: set: listToAttrs (
    map (name: nameValuePair name set.${name}) (filter (name: keep name set.${name}) (attrNames set))
  );
  genAttrs = names: f: listToAttrs (map (name: nameValuePair name (f name)) names);
  optional = condition: value: if condition then [ value ] else [ ];
  optionals = condition: values: if condition then values else [ ];
  optionalAttrs = condition: set: if condition then set else { };
  optionalString = condition: text: if condition then text else "";
  concatMapStringsSep = separator: f: list: concatStringsSep separator (map f list);
  hasPrefix = prefix: text: builtins.substring 0 (builtins.stringLength prefix) text == prefix;
  hasInfix = infix: text: length (builtins.split (escapeRegex infix) text) > 1;
  escapeRegex = builtins.replaceStrings
    [ "\\" "." "*" "+" "?" "(" ")" "[" "]" "{" "}" "^" "$" "|" ]
    [ "\\\\" "\\." "\\*" "\\+" "\\?" "\\(" "\\)" "\\[" "\\]" "\\{" "\\}" "\\^" "\\$" "\\|" ];
  unique = foldl' (seen: value: if elem value seen then seen else seen ++ [ value ]) [ ];
  last = list: builtins.elemAt list (length list - 1);
  toList = value: if isList value then value else [ value ];
  getExe = package: "${package}/bin/${package.meta.mainProgram or package.name}";
  getExe' = package: name: "${package}/bin/${name}";
  importJSON = path: builtins.fromJSON (builtins.readFile path);
  inherit listToAttrs concatStringsSep concatMap mapAttrs any all elem filter attrNames hasAttr;

  # Properties of definitions.
  mkOption = attrs: attrs // { _type = "option"; };
  literalExpression = text: { _type = "literalExpression"; inherit text; };
  mkEnableOption = text: mkOption { type = types.bool; default = false; description = "Whether to enable ${text}."; };
  mkIf = condition: content: { _type = "if"; inherit condition content; };
  mkMerge = contents: { _type = "merge"; inherit contents; };
  mkOverride = priority: content: { _type = "override"; inherit priority content; };
  mkDefault = mkOverride 1000;
  mkForce = mkOverride 50;
  mkOrder = priority: content: { _type = "order"; inherit priority content; };
  mkBefore = mkOrder 500;
  mkAfter = mkOrder 1500;

  reverse = foldl' (rest: each: [ each ] ++ rest) [ ];

  isType = type: value: isAttrs value && (value._type or null) == type;

  # Conditions go down to the leaves unread: reading one may need the very configuration being made.
  pushDown =
    value:
    if isType "merge" value then
      concatMap pushDown value.contents
    else if isType "if" value then
      map (mapAttrs (_: mkIf value.condition)) (pushDown value.content)
    else if isType "override" value then
      map (mapAttrs (_: mkOverride value.priority)) (pushDown value.content)
    else
      [ value ];

  # At a leaf: what holds, with its priority and order.
  discharge =
    value:
    let
      inner = discharge value.content;
    in
    if isType "merge" value then
      concatMap discharge value.contents
    else if isType "if" value then
      if value.condition then inner else [ ]
    else if isType "override" value then
      map (each: each // { inherit (value) priority; }) inner
    else if isType "order" value then
      map (each: each // { order = value.priority; }) inner
    else
      [ { inherit value; priority = 100; order = 1000; } ];

  mergeLeaf =
    path: option: definitions:
    let
      found = concatMap discharge definitions
        ++ optional (option ? default) { value = option.default; priority = 1500; order = 1000; };
      least = foldl' (a: b: if b.priority < a then b.priority else a) 9999 found;
      chosen = sort (a: b: a.order < b.order) (filter (each: each.priority == least) found);
      values = map (each: each.value) chosen;
      wrong = filter (value: !option.type.check value) values;
      merged =
        if found == [ ] then
          option.type.empty or (throw "The option `${path}' is used but not defined")
        else if wrong != [ ] then
          throw "A definition for option `${path}' is not of type `${option.type.name}': ${toJSON wrong}"
        else
          option.type.merge path values;
    in
    (option.apply or (value: value)) merged;

  mergeEqual =
    path: values:
    if all (value: value == head values) values then
      head values
    else
      throw "The option `${path}' has conflicting definition values: ${toJSON values}";

  types =
    let
      scalar = name: check: { inherit name check; merge = mergeEqual; };
      isText = value: isString value || isPath value || (isAttrs value && value ? outPath);
      element = type: path: definitions: mergeLeaf path { inherit type; } definitions;
    in
    rec {
      bool = scalar "boolean" isBool;
      int = scalar "signed integer" isInt;
      port = scalar "16 bit unsigned integer" (value: isInt value && value >= 0 && value < 65536);
      str = scalar "string" isText;
      singleLineStr = scalar "(optionally newline-terminated) single-line string" (
        value: isString value && !(hasInfix "\n" value)
      );
      strMatching = pattern: scalar "string matching ${pattern}" (
        value: isString value && builtins.match pattern value != null
      );
      path = scalar "absolute path" (value: isText value && hasPrefix "/" "${toString value}");
      package = scalar "package" (value: isAttrs value && value ? outPath);
      enum = values: scalar "one of ${toJSON values}" (value: elem value values);
      lines = {
        name = "strings concatenated with newline";
        check = isText;
        merge = _: concatStringsSep "\n";
      };
      nullOr = type: {
        name = "null or ${type.name}";
        check = value: value == null || type.check value;
        merge = path: values: if all (value: value == null) values then null else type.merge path values;
      };
      oneOf = alternatives: {
        name = concatStringsSep " or " (map (type: type.name) alternatives);
        check = value: any (type: type.check value) alternatives;
        merge = path: values:
          (head (filter (type: all type.check values) alternatives ++ [ (scalar "mixed" (_: true)) ])).merge path values;
      };
      either = a: b: oneOf [ a b ];
      listOf = type: {
        name = "list of ${type.name}";
        check = isList;
        empty = [ ];
        merge = path: values: map (value: element type path [ value ]) (concatLists values);
      };
      attrsOf = type: {
        name = "attribute set of ${type.name}";
        check = isAttrs;
        empty = { };
        merge =
          path: values:
          let
            sets = concatMap pushDown values;
            names = unique (concatMap attrNames sets);
            of = name: map (set: set.${name}) (filter (hasAttr name) sets);
            # A name whose every definition is conditioned away is not there.
            there = filter (name: concatMap discharge (of name) != [ ]) names;
          in
          genAttrs there (name: mergeLeaf "${path}.${name}" { inherit type; } (of name));
      };
      anything = {
        name = "anything";
        check = _: true;
        merge =
          path: values:
          if length values > 1 && all isAttrs values then (attrsOf anything).merge path values else mergeEqual path values;
      };
      submodule = module: {
        name = "submodule";
        check = value: isAttrs value || isFunction value;
        empty = evalSubmodule module "" [ ];
        merge = path: values: evalSubmodule module path values;
      };
    };

  evalSubmodule =
    module: path: values:
    (evalModules {
      modules = [ module ] ++ map (value: if isFunction value then value else { config = value; }) values;
      specialArgs.name = last (filter isString (builtins.split "\\." path));
      prefix = path;
    }).config;

  # Reads all modules and their imports; each module is imported from one place.
  evalModules =
    {
      modules,
      specialArgs ? { },
      prefix ? "",
    }:
    let
      args = { inherit config options; lib = lib'; } // specialArgs;
      lib' = specialArgs.lib or (import ./lib.nix);
      read =
        module:
        let
          value = if isPath module || isString module then import module else module;
          set = if isFunction value then value args else value;
          explicit = set ? config || set ? options;
        in
        {
          imports = set.imports or [ ];
          options = set.options or { };
          config = if explicit then set.config or { } else removeAttrs set [ "imports" "_file" ];
        };
      # What is imported comes after all that imports, and the last one's definitions come first.
      load =
        found:
        let
          imported = map read (concatMap (each: each.imports) found);
        in
        if found == [ ] then [ ] else load imported ++ reverse found;
      paths = filter isPath modules;
      loaded = load (map read (unique paths ++ filter (each: !isPath each) modules));
      options = mergeOptions prefix (map (each: each.options) loaded);
      definitions = concatMap (each: pushDown each.config) loaded;
      config = mergeTree prefix options definitions;
    in
    { inherit config options; };

  mergeOptions =
    path: trees:
    let
      names = unique (concatMap attrNames trees);
      of = name: map (tree: tree.${name}) (filter (hasAttr name) trees);
    in
    genAttrs names (
      name:
      let
        found = of name;
        full = if path == "" then name else "${path}.${name}";
      in
      if any (isType "option") found then
        if length found == 1 then head found else throw "The option `${full}' is declared twice"
      else
        mergeOptions full found
    );

  mergeTree =
    path: options: definitions:
    let
      unknown = filter (name: !(options ? ${name})) (unique (concatMap attrNames definitions));
      of = name: map (set: set.${name}) (filter (hasAttr name) definitions);
      full = name: if path == "" then name else "${path}.${name}";
    in
    if unknown != [ ] then
      throw "The option `${full (head unknown)}' does not exist"
    else
      mapAttrs (
        name: option:
        if isType "option" option then
          mergeLeaf (full name) option (of name)
        else
          mergeTree (full name) option (concatMap pushDown (of name))
      ) options;
}
