import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { HostFacts } from '../host/nix.ts'

/** One unit as the stand-in for systemd runs it. */
const unit = z.object({
  command: z.array(z.string()),
  env: z.record(z.string(), z.string()).default({}),
  /** Run before each start; what fails there does not matter. */
  before: z.array(z.string()).default([]),
  /** All must exist, or a start is skipped. */
  conditionPaths: z.array(z.string()).default([]),
  /** Must succeed, or a start is skipped. */
  condition: z.array(z.string()).default([]),
  reload: z.array(z.string()).default([]),
  /** Ends the unit; without it SIGTERM does. */
  stop: z.array(z.string()).default([]),
  restartSeconds: z.number().default(5),
})
export type Unit = z.infer<typeof unit>

/** The units that a stand-in knows, and its folder for what runs. */
export class UnitFile {
  readonly folder: string

  constructor(folder: string) {
    this.folder = folder
  }

  write(units: Record<string, z.input<typeof unit>>): void {
    mkdirSync(join(this.folder, 'running'), { recursive: true })
    writeFileSync(join(this.folder, 'units.json'), JSON.stringify(units, null, 2))
  }

  read(): Record<string, Unit> {
    return z
      .record(z.string(), unit)
      .parse(JSON.parse(readFileSync(join(this.folder, 'units.json'), 'utf8')))
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
): Record<string, z.input<typeof unit>> {
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
