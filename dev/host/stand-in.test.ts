import { describe, expect, it } from 'vitest'
import { evaluate, ROOT } from './nix.ts'

/** Configuration of a few modules under the stand-in. */
function modules<T>(...texts: string[]): T {
  return evaluate<T>(
    `let lib = import ${ROOT}/nixos/tests/stand-in/lib.nix; inherit (lib) mkOption mkIf mkMerge mkDefault mkForce mkBefore mkAfter types;
     in (lib.evalModules { modules = [ ${texts.map((text) => `(${text})`).join(' ')} ]; }).config`,
  )
}

const OPTIONS = `{ options = {
  on = mkOption { type = types.bool; default = false; };
  port = mkOption { type = types.port; default = 80; };
  names = mkOption { type = types.listOf types.str; default = [ ]; };
  text = mkOption { type = types.lines; default = ""; };
  units = mkOption { default = { }; type = types.attrsOf (types.submodule ({ name, ... }: { options = {
    name = mkOption { type = types.str; default = name; };
    after = mkOption { type = types.listOf types.str; default = [ ]; };
  }; })); };
}; }`

describe("the stand-in for nixpkgs' modules", () => {
  it('fills in defaults', () => {
    expect(modules(OPTIONS)).toMatchObject({ on: false, port: 80, names: [] })
  })

  it('lets a condition depend on the configuration that it is part of', () => {
    const config = modules(
      OPTIONS,
      '{ on = true; }',
      '{ config, ... }: { config = mkIf config.on { names = [ "a" ]; units.x = { }; }; }',
      '{ config, ... }: { config = mkIf (!config.on) { names = [ "b" ]; }; }',
    )
    expect(config).toMatchObject({ names: ['a'], units: { x: { name: 'x' } } })
  })

  it('merges lists and sets of several modules, in order', () => {
    const config = modules(
      OPTIONS,
      '{ names = [ "b" ]; units.x.after = [ "one" ]; text = "second"; }',
      '{ names = mkBefore [ "a" ]; units.x.after = [ "two" ]; text = mkBefore "first"; }',
      '{ names = mkAfter [ "c" ]; }',
    )
    expect(config).toMatchObject({
      names: ['a', 'b', 'c'],
      text: 'first\nsecond',
      units: { x: { after: ['one', 'two'] } },
    })
  })

  it('lets mkForce win and mkDefault lose', () => {
    const config = modules(
      OPTIONS,
      '{ port = 81; }',
      '{ port = mkDefault 82; }',
      '{ units.x.after = [ "one" ]; }',
      '{ units.x.after = mkForce [ ]; }',
    )
    expect(config).toMatchObject({ port: 81, units: { x: { after: [] } } })
  })

  it('leaves out what no condition gives', () => {
    expect(
      modules(OPTIONS, '{ units = mkMerge [ (mkIf false { x = { }; }) { y = { }; } ]; }'),
    ).toMatchObject({ units: { y: { name: 'y' } } })
  })

  it.each([
    ['an option that does not exist', '{ prot = 80; }', "option `prot' does not exist"],
    [
      'an unknown option of a submodule',
      '{ units.x.afetr = [ ]; }',
      "units.x.afetr' does not exist",
    ],
    ['a value of the wrong type', '{ port = 70000; }', "`port' is not of type"],
    [
      'two different values',
      '{ config = mkMerge [ { port = 1; } { port = 2; } ]; }',
      'conflicting',
    ],
  ])('refuses %s', (_case, module, message) => {
    expect(() => modules(OPTIONS, module)).toThrow(message)
  })

  it('builds no program of which an input has no value, as where a service is off', () => {
    const program = (input: string) =>
      evaluate<string>(
        `let pkgs = import ${ROOT}/nixos/tests/stand-in/pkgs.nix; in
         "\${pkgs.writeShellApplication { name = "x"; text = ""; runtimeInputs = [ ${input} ]; }}"`,
      )
    expect(program('pkgs.jq')).toBe('/stub/x')
    expect(() => program('(throw "no value")')).toThrow('no value')
    expect(() =>
      evaluate(`(import ${ROOT}/nixos/tests/evaluate.nix {
      host = { rr.web.email = "x"; rr.database.enable = false; };
    }).services.postgresql.package`),
    ).toThrow("services.postgresql.package' is used but not defined")
  })
})

describe('an option of NixOS', () => {
  it('is read back as its module makes it of what was set', () => {
    const { dates, ports } = evaluate<{ dates: string[]; ports: number[] }>(
      `let config = import ${ROOT}/nixos/tests/evaluate.nix { host = {
         rr.web.email = "x"; networking.firewall.allowedTCPPorts = [ 443 21 ];
       }; }; in { inherit (config.nix.gc) dates; ports = config.networking.firewall.allowedTCPPorts; }`,
    )
    expect(dates).toEqual(['Sun 05:30'])
    expect(ports).toEqual([21, 22, 80, 443])
  })
})
