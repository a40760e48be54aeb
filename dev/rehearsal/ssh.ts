import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Programs } from './programs.ts'
import { DATA } from './settings.ts'

const FOLDER = join(DATA, 'ssh')

/** Starts sshd as the host has it, with one key that may run one command. */
export function startSshd(programs: Programs, forcedCommand: string): void {
  mkdirSync(FOLDER, { recursive: true })
  mkdirSync('/run/sshd', { recursive: true })
  for (const name of ['host', 'pipeline'])
    if (!existsSync(join(FOLDER, name)))
      execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(FOLDER, name)])
  const allowed = `restrict,command="${forcedCommand}" ${key('pipeline.pub')}`
  writeFileSync(join(FOLDER, 'authorized_keys'), allowed, { mode: 0o600 })
  const options = [
    'ListenAddress=127.0.0.1:22',
    `HostKey=${FOLDER}/host`,
    `AuthorizedKeysFile=${FOLDER}/authorized_keys`,
    'PasswordAuthentication=no',
    'KbdInteractiveAuthentication=no',
    'PermitRootLogin=prohibit-password',
    'AllowUsers=deploy',
    'StrictModes=no',
    'UsePAM=no',
    'PidFile=none',
  ]
  const args = ['-D', '-e', '-f', '/dev/null', ...options.flatMap((each) => ['-o', each])]
  programs.start('sshd', '/usr/sbin/sshd', args)
}

/** What the workflow has as its secrets: the pipeline's key, and the host's that it knows. */
export function pipelineSecrets(): NodeJS.ProcessEnv {
  return {
    DEPLOY_HOST: '127.0.0.1',
    DEPLOY_SSH_KEY: key('pipeline'),
    DEPLOY_HOST_KEY: key('host.pub'),
  }
}

function key(name: string): string {
  return readFileSync(join(FOLDER, name), 'utf8')
}
