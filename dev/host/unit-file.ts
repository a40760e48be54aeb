import type { Unit } from './nix.ts'

/** Lines of a section; a list is a setting that is given more than once, as NixOS writes it. */
function lines(section: Record<string, unknown>): string {
  return Object.entries(section)
    .flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map((one) => [name, one]))
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')
}

/**
 * A unit file as NixOS renders what our modules describe.
 * @param path folders of its programs, which NixOS gives each unit
 */
export function unitFile(unit: Unit, path: string[] = []): string {
  const names = (list: string[]) => (list.length > 0 ? list.join(' ') : undefined)
  const order = {
    Description: unit.description,
    After: names(unit.after),
    Before: names(unit.before),
    Requires: names(unit.requires),
    Wants: names(unit.wants),
    OnFailure: names(unit.onFailure),
    OnSuccess: names(unit.onSuccess),
    ...unit.unitConfig,
  }
  const given = Object.fromEntries(Object.entries(order).filter(([, value]) => value !== undefined))
  const variables = { ...unit.environment, ...(path.length > 0 && { PATH: path.join(':') }) }
  const environment = Object.entries(variables).map(([name, value]) => `"${name}=${value}"`)
  const service = {
    ...unit.serviceConfig,
    ...(environment.length > 0 && { Environment: environment }),
  }
  return `[Unit]\n${lines(given)}[Service]\n${lines(service)}`
}
