import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { HostFacts } from '../host/nix.ts'

/** One unit as the stand-in for systemd runs it; its words are those of `unit-runner`. */
export interface Unit {
  command: string[]
  env?: Record<string, string>
  /** Run before each start; what fails there does not matter. */
  before?: string[]
  /** All must exist, or a start is skipped. */
  conditionPaths?: string[]
  /** Must succeed, or a start is skipped. */
  condition?: string[]
  reload?: string[]
  /** Ends the unit; without it SIGTERM does. */
  stop?: string[]
  restartSeconds?: number
}

/** A word as a shell reads it. */
const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`

/** Writes the units that a stand-in knows, NAME.unit each, and the folder for what runs. */
export function writeUnits(folder: string, units: Record<string, Unit>): void {
  mkdirSync(join(folder, 'running'), { recursive: true })
  for (const [name, unit] of Object.entries(units)) {
    const lists = {
      command: unit.command,
      env: Object.entries(unit.env ?? {}).map(([key, value]) => `${key}=${value}`),
      before: unit.before ?? [],
      paths: unit.conditionPaths ?? [],
      condition: unit.condition ?? [],
      reload: unit.reload ?? [],
      stop: unit.stop ?? [],
    }
    const lines = Object.entries(lists).map(
      ([key, words]) => `${key}=(${words.map(quoted).join(' ')})`,
    )
    lines.push(`restart_seconds=${unit.restartSeconds ?? 5}`)
    writeFileSync(join(folder, `${name}.unit`), `${lines.join('\n')}\n`)
  }
}

/** A container's options beyond what units need, as oci-containers has them. */
interface Container {
  image: string
  pull: string
  'log-driver': string
  user: string | null
  environment: Record<string, string>
  environmentFiles: string[]
  ports: string[]
  volumes: string[]
  networks: string[]
  capabilities: Record<string, boolean | null>
  extraOptions: string[]
}

/**
 * The units that virtualisation.oci-containers makes of the host's containers (its module's `docker run`
 * and what our module adds), with the host's paths replaced by those of this run.
 */
export function containerUnits(
  facts: HostFacts,
  replace: (text: string) => string,
): Record<string, Unit> {
  const containers = facts.containers as unknown as Record<string, Container>
  return Object.fromEntries(
    Object.entries(containers).map(([name, container]) => {
      const service = facts.services[`docker-${name}`]
      const conditions = service?.unitConfig.ConditionPathExists as string[]
      const execCondition = service?.serviceConfig.ExecCondition as string | undefined
      const flag = (option: string, values: string[]) => values.map((value) => `${option}${value}`)
      const command = [
        'docker',
        'run',
        `--name=${name}`,
        `--log-driver=${container['log-driver']}`,
        ...flag(
          '--env=',
          Object.entries(container.environment).map(([key, value]) => `${key}=${value}`),
        ),
        ...flag('--env-file=', container.environmentFiles),
        ...flag('--publish=', container.ports),
        ...(container.user ? [`--user=${container.user}`] : []),
        ...flag('--volume=', container.volumes),
        ...flag('--network=', container.networks),
        ...Object.entries(container.capabilities).map(([capability, on]) =>
          on ? `--cap-add=${capability}` : `--cap-drop=${capability}`,
        ),
        '--rm',
        `--pull=${container.pull}`,
        ...container.extraOptions,
        container.image,
      ]
      return [
        `docker-${name}`,
        {
          command: command.map(replace),
          before: ['docker', 'rm', '-f', name],
          conditionPaths: conditions.map(replace),
          condition: execCondition
            ? ['docker', ...execCondition.split(' ').slice(1).map(replace)]
            : [],
          stop: ['docker', 'stop', name],
          restartSeconds: Number(service?.serviceConfig.RestartSec ?? 1),
        },
      ]
    }),
  )
}
