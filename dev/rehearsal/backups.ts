import { chownSync, cpSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { B2Server } from '../backup/b2-server.ts'
import { openFolder, programEnvironment } from '../backup/cluster.ts'
import { uid } from '../shop/postgresql.ts'
import { ROOT } from '../shop/settings.ts'

const B2_PORT = 4443

/**
 * What brings the host's data off-site and back: the scripts of nixos/backup, on a disk of the host, and a
 * B2 beside it, which outlives the host.
 */
export class Backups {
  readonly b2 = new B2Server(B2_PORT)
  private readonly folder = openFolder('rr-rehearsal-')
  private readonly programs = programEnvironment(this.folder)
  /** A copy where PostgreSQL's user can come, wherever the repository lies. */
  private readonly nixos = join(this.folder, 'nixos')

  constructor() {
    cpSync(join(ROOT, 'nixos'), this.nixos, { recursive: true })
  }

  /** What lay on the lost machine's disk. */
  loseDisk(): void {
    for (const name of ['wal', 'sets', 'restoring'])
      rmSync(join(this.folder, name), { recursive: true, force: true })
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** Folders as the host's modules make them, empty. */
  layOut(): void {
    for (const name of ['wal', 'sets']) mkdirSync(join(this.folder, name), { recursive: true })
    if (uid !== undefined) chownSync(join(this.folder, 'wal'), uid, uid)
  }

  script(name: string): string {
    return join(this.nixos, 'backup', name)
  }

  /** What the scripts find in the environment; on the host these are their defaults. */
  get env(): NodeJS.ProcessEnv {
    return {
      PATH: this.programs.PATH,
      RR_POSTGRES_USER: this.programs.RR_POSTGRES_USER,
      LC_ALL: 'C.UTF-8',
      RR_BACKUPS: join(this.folder, 'sets'),
      RR_WAL_SPOOL: join(this.folder, 'wal'),
      RR_RESTORING: join(this.folder, 'restoring'),
      RR_BACKUP_BASE: 'yes',
      RR_RCLONE_ENDPOINT: this.b2.url,
      RR_FLOOR_BYTES: '1',
    }
  }

  /** PostgreSQL's archive_command. */
  get archiveCommand(): string {
    const passed = ['RR_WAL_SPOOL', 'RR_FLOOR_BYTES'].map((name) => `${name}="${this.env[name]}"`)
    return `${passed.join(' ')} ${this.script('archive-wal')} %p %f`
  }
}
