import { chmodSync, cpSync, existsSync, mkdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { type HostFacts, hostPrograms, type Program, ROOT, STORE } from '../host/nix.ts'
import { unitFile } from '../host/unit-file.ts'
import type { Machine } from './machine.ts'

/** Debian's packages for those of nixpkgs that the host's programs name. */
const DEBIAN: Record<string, string[]> = {
  bash: ['bash'],
  coreutils: ['coreutils'],
  curl: ['curl'],
  diffutils: ['diffutils'],
  docker: ['docker.io'],
  findutils: ['findutils'],
  gawk: ['gawk'],
  gnugrep: ['grep'],
  gnused: ['sed'],
  gnutar: ['tar'],
  jq: ['jq'],
  openssl: ['openssl'],
  postgresql_16: ['postgresql-15', 'postgresql-client-15'],
  rclone: ['rclone'],
  redis: ['redis-server', 'redis-tools'],
  systemd: ['systemd'],
  'util-linux': ['util-linux', 'util-linux-extra'],
  zstd: ['zstd'],
}
const POSTGRESQL = '/usr/lib/postgresql/15/bin'

/** What NixOS puts on the PATH of every unit. */
const UNIT_PATH = ['coreutils', 'findutils', 'gnugrep', 'gnused', 'systemd'].map(
  (name) => `/stub/${name}/bin`,
)
/** What /run/current-system/sw is on NixOS. */
const SYSTEM = '/opt/current-system'

/** Files of the repository that the evaluation has put into the store, as they are called there. */
const STORED: Record<string, string> = {
  nixos: 'nixos',
  'schema.json': 'nixos/secrets/schema.json',
}

/** What was written for the store of this evaluation, for a machine whose store is where NixOS has it. */
function inStore(text: string): string {
  return text.replaceAll(`${STORE}/`, '/nix/store/')
}

/** Puts each stored file that a text names where the text says. */
function layStored(machine: Machine, text: string): void {
  for (const [path = '', name = ''] of text.matchAll(/\/nix\/store\/[a-z0-9]{32}-([A-Za-z.]+)/g)) {
    const source = STORED[name]
    if (!source) throw new Error(`no file of the repository is known as ${path}`)
    const target = join(machine.disk, path)
    if (existsSync(target)) continue
    mkdirSync(join(machine.disk, '/nix/store'), { recursive: true })
    cpSync(join(ROOT, source), target, { recursive: true })
  }
}

/** A package is a folder with nothing but its own programs, so that a program finds what it names and no more. */
function layPackage(machine: Machine, name: string): void {
  const packages = DEBIAN[name]
  if (!packages) throw new Error(`no package of Debian is known for ${name}: dev/boot/install.ts`)
  const files = machine.chroot('dpkg', '-L', ...packages).split('\n')
  const programs = files.filter((path) => /^(\/usr)?\/s?bin\/[^/]+$/.test(path))
  for (const path of [...programs, ...files.filter((path) => path.startsWith(`${POSTGRESQL}/`))])
    machine.link(`/stub/${name}/bin/${basename(path)}`, path)
  if (name === 'bash') machine.link('/stub/bash/bin/sh', '/bin/bash')
  if (name === 'gawk') machine.link('/stub/gawk/bin/awk', '/usr/bin/gawk')
}

/** A program as writeShellApplication makes it. */
function layProgram(machine: Machine, { name, text, inputs }: Program): void {
  const path = inputs.map((each) => `${each}/bin`).join(':')
  const head = ['#!/bin/bash', 'set -o errexit', 'set -o nounset', 'set -o pipefail']
  const search = path ? [`export PATH="${path}:$PATH"`] : []
  const lines = inStore([...head, ...search, text].join('\n'))
  layStored(machine, lines)
  machine.write(`/stub/${name}/bin/${name}`, `${lines}\n`, 0o755)
}

/** PostgreSQL as the host declares it, in a unit that stands for NixOS' own: its data folder is all it may write. */
function layPostgresql(machine: Machine, facts: HostFacts): void {
  const data = '/var/lib/postgresql/15'
  // What the machine has for it, where the host has 8 GB.
  const settings = { ...facts.postgresql, shared_buffers: '64MB', hba_file: '/etc/postgresql/hba' }
  const value = (each: unknown) =>
    typeof each === 'boolean' ? (each ? 'on' : 'off') : `'${String(each).replaceAll("'", "''")}'`
  const text = Object.entries(settings).map(([name, each]) => `${name} = ${value(each)}\n`)
  machine.write('/etc/postgresql/hba', facts.authentication)
  machine.write('/etc/postgresql/settings', text.join(''))
  const own = Object.entries(facts.services.postgresql?.serviceConfig ?? {})
  const more = own.flatMap(([name, each]) => [each].flat().map((one) => `${name}=${one}`))
  machine.write(
    '/etc/systemd/system/postgresql.service',
    [
      '[Service]',
      'Type=notify',
      'User=postgres',
      'StateDirectory=postgresql',
      'RuntimeDirectory=postgresql',
      'ProtectSystem=strict',
      'Environment=LC_ALL=C.UTF-8',
      `ExecStartPre=/bin/sh -c 'test -e ${data}/PG_VERSION || ${POSTGRESQL}/initdb --no-sync -D ${data} --encoding=UTF8'`,
      `ExecStart=${POSTGRESQL}/postgres -D ${data} -c config_file=/etc/postgresql/settings -c unix_socket_directories=/run/postgresql`,
      'KillSignal=SIGINT',
      ...more,
      '',
    ].join('\n'),
  )
  // As in NixOS: up when it takes questions.
  machine.write(
    '/etc/systemd/system/postgresql.target',
    '[Unit]\nRequires=postgresql.service\nAfter=postgresql.service\n',
  )
}

/** Redis with the password that the host's shares hold; its own sandbox is NixOS' affair. */
function layRedis(machine: Machine): void {
  machine.write(
    '/etc/systemd/system/redis-default.service',
    `[Service]\nExecStart=/bin/sh -c 'exec redis-server --bind 127.0.0.1 --appendonly yes --dir /tmp --maxmemory 64mb --requirepass "$(cat /run/rr-bizops/redis-password)"'\n`,
  )
}

/**
 * Lays a host out in a machine that does not run: its programs where its units look for them, each unit of ours
 * with every setting that the evaluated modules give it, folders, and files of /etc. PostgreSQL and Redis are
 * Debian's. Timers are left out: a test starts what it wants.
 * @param host a file below nixos/
 */
export function install(machine: Machine, host: string): HostFacts {
  const { facts, programs } = hostPrograms(host)
  const own = new Set(programs.map(({ name }) => name))
  const used = new Set([...programs.flatMap(({ inputs }) => inputs), ...UNIT_PATH])
  for (const each of used) {
    const name = each.split('/')[2] ?? ''
    if (!own.has(name)) layPackage(machine, name)
  }
  for (const program of programs) layProgram(machine, program)
  for (const path of facts.commands)
    machine.link(`${SYSTEM}/sw/bin/${basename(path)}`, `${path}/bin/${basename(path)}`)

  for (const [name, unit] of Object.entries(facts.services)) {
    if (!name.startsWith('rr-')) continue
    const text = inStore(unitFile(unit, UNIT_PATH))
    layStored(machine, text)
    machine.write(`/etc/systemd/system/${name}.service`, text)
  }
  layPostgresql(machine, facts)
  layRedis(machine)
  for (const unit of [
    'docker.service',
    'docker.socket',
    'containerd.service',
    'redis-server.service',
  ])
    machine.link(`/etc/systemd/system/${unit}`, '/dev/null')

  const folders = Object.values(facts.tmpfiles).flatMap((each) =>
    Object.entries(each as Record<string, Record<string, Record<string, string>>>).flatMap(
      ([path, kinds]) =>
        Object.entries(kinds).map(
          ([kind, { mode = '-', user = '-', group = '-' }]) =>
            `${kind} ${path} ${mode} ${user} ${group}\n`,
        ),
    ),
  )
  machine.write(
    '/etc/tmpfiles.d/host.conf',
    [...folders, `L+ /run/current-system - - - - ${SYSTEM}\n`].join(''),
  )
  for (const [path, text] of Object.entries(facts.etc))
    if (text !== null) machine.write(join('/etc', path), text)
  cpSync(join(ROOT, 'nixos/secrets/schema.json'), join(machine.disk, 'etc/rr-bizops/schema.json'))
  machine.write('/etc/hostname', 'shops-app-01\n')
  chmodSync(machine.disk, 0o755)
  return facts
}
