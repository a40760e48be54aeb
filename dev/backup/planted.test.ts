import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { uid } from '../shop/postgresql.ts'
import { Cluster, LIVE, SHOP_UID } from './cluster.ts'

const cluster = new Cluster(26295, { fsync: 'off', log_connections: 'on' })
/** What a planted program writes to when it runs; everybody may. */
const ran = join(cluster.folder, 'ran')
/** What a planted link leads to: root's alone. */
const victims = join(cluster.folder, 'victims')
const uploads = join(cluster.state, 'uploads')
const spool = () => join(cluster.state, 'wal', cluster.system())

/**
 * Code of the shop's role that tries to run a program as whoever makes it run: in a check, an index, and
 * under the names of what PostgreSQL's own catalogue has, on a search path of the database's and the role's.
 */
const PLANTED = `
  CREATE FUNCTION public.plant(t text) RETURNS boolean LANGUAGE plpgsql AS $plant$
    BEGIN
      EXECUTE format('COPY (SELECT current_user, %L) TO PROGRAM %L', t, 'cat >>${ran}');
      RETURN true;
    EXCEPTION WHEN insufficient_privilege THEN RETURN true;
    END $plant$;
  CREATE FUNCTION public.fixed(t text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS
    $$ BEGIN RETURN public.plant(t); END $$;
  CREATE TABLE public.bait (t text CHECK (public.plant('check ' || t)));
  CREATE INDEX bait_planted ON public.bait (public.fixed('index ' || t));
  INSERT INTO public.bait VALUES ('a row');
  CREATE MATERIALIZED VIEW public.bait_seen AS SELECT public.plant('view ' || t) FROM public.bait;
  CREATE SCHEMA evil;
  CREATE FUNCTION evil.counted(n bigint) RETURNS bigint LANGUAGE plpgsql AS
    $$ BEGIN PERFORM public.plant('count'); RETURN n + 1; END $$;
  CREATE AGGREGATE evil.count(*) (sfunc = evil.counted, stype = bigint, initcond = '0');
  ALTER DATABASE "${LIVE}" SET search_path = evil, pg_catalog, public;
  ALTER ROLE medusa SET search_path = evil, pg_catalog, public;`

/** Users and databases of the connections that PostgreSQL has let in while `work` ran. */
function connections(work: () => void): string[] {
  const before = cluster.server.logged().length
  work()
  const lines = cluster.server.logged().slice(before)
  return [
    ...lines.matchAll(/connection authorized: user=(\S+) (?:database=(\S+)|application_name)/g),
  ].map(([, user, database]) => `${user} ${database ?? ''}`.trim())
}

function succeed(words: string[], env: NodeJS.ProcessEnv = {}): string {
  const done = cluster.run(words, env)
  expect(done.code, done.output).toBe(0)
  return done.output
}

/** A file of root's alone, and the link to it that somebody plants. */
function plantLink(path: string, name: string, owner: number | undefined): string {
  const victim = join(victims, name)
  writeFileSync(victim, 'root alone reads and writes this', { mode: 0o600 })
  rmSync(path, { force: true, recursive: true })
  symlinkSync(victim, path)
  if (owner !== undefined) chownLink(path, owner)
  return victim
}

/** Folder of the set that was made last. */
function newestSet(): string {
  const sets = join(cluster.folder, 'backups/sets')
  return join(sets, readdirSync(sets).sort().at(-1) ?? '')
}

function chownLink(path: string, owner: number): void {
  // Node's lchown, by the name that it has since it follows no link.
  cluster.shell(`chown --no-dereference ${owner}:${owner} '${path}'`)
}

beforeAll(async () => {
  mkdirSync(victims, { mode: 0o700 })
  writeFileSync(ran, '', { mode: 0o666 })
  cluster.shell(`chmod 666 '${ran}'`)
  await cluster.start(40)
  await cluster.runSql(PLANTED, LIVE)
})
afterAll(() => cluster.stop())

describe("what the shop's role has planted in its database", () => {
  it('would run as PostgreSQL’s superuser if that one looked: the trap works', () => {
    cluster.sql('SELECT count(*) FROM bait', LIVE)
    expect(readFileSync(ran, 'utf8')).toBe('postgres\tcount\n')
    writeFileSync(ran, '')
  })

  it('runs as nobody more in a night, whose dump that role makes itself', () => {
    const seen = connections(() => cluster.night('20261121T030000Z'))
    expect(seen).toContain(`medusa ${LIVE}`)
    expect(seen).not.toContain(`postgres ${LIVE}`)
    expect(readFileSync(ran, 'utf8')).toBe('')
  })

  it('is loaded by a restore as that role, and the superuser opens no database of the shop', () => {
    const seen = connections(() => succeed(['restore', '--replace']))
    expect(seen).toContain('medusa rr-restoring')
    expect(
      seen.filter((each) => each.startsWith('postgres ') && each !== 'postgres postgres'),
    ).toEqual([])
    expect(readFileSync(ran, 'utf8')).toBe('')
    // All of it is there, the bait, too.
    expect(cluster.sql('SELECT t FROM bait', LIVE)).toBe('a row')
  })

  it('is loaded by a drill as that role, and by what replays the WAL', () => {
    const seen = join(cluster.folder, 'dumped-as')
    writeFileSync(seen, '')
    cluster.shell(`chmod 666 '${seen}'`)
    const noted = cluster.program(
      'pg_dump',
      `echo "$PGUSER" >>${seen}; exec ${cluster.real('pg_dump')} "$@"`,
    )
    let output = ''
    const opened = connections(() => {
      output = succeed(['drill'], noted)
    })
    expect(output).toContain('✓ does the WAL lead on from the base backup')
    expect(opened).toContain('medusa rr-drill')
    expect(
      opened.filter((each) => each.startsWith('postgres ') && each !== 'postgres postgres'),
    ).toEqual([])
    expect(readFileSync(seen, 'utf8')).toBe('medusa\n')
    expect(readFileSync(ran, 'utf8')).toBe('')
  })

  it('may be an extension that needs a superuser only by a name of the list', () => {
    const dump = join(cluster.folder, 'extensions.dump')
    cluster.sql('CREATE EXTENSION pg_stat_statements', LIVE)
    writeFileSync(dump, cluster.dumped())
    succeed(['restore', dump, '--replace'])
    expect(
      cluster.sql(
        "SELECT extowner::regrole FROM pg_extension WHERE extname = 'pg_stat_statements'",
        LIVE,
      ),
    ).toBe('postgres')
    cluster.sql('DROP EXTENSION pg_stat_statements; CREATE EXTENSION pageinspect', LIVE)
    writeFileSync(dump, cluster.dumped())
    const done = cluster.run(['restore', dump, '--replace'])
    cluster.sql('DROP EXTENSION pageinspect', LIVE)
    expect(done.code).toBe(1)
    expect(done.output).toContain('permission denied to create extension "pageinspect"')
    expect(done.output).toContain(`${LIVE} is as it was`)
  })
})

describe('who runs as PostgreSQL’s user', () => {
  it('does not see the keys of off-site', () => {
    const { code, output } = cluster.shell(
      'source "$BACKUP/restoring/places.bash"; as_postgres cat /proc/self/environ | tr "\\0" "\\n"',
    )
    expect(code, output).toBe(0)
    expect(output).toContain('PGPORT=')
    if (uid !== undefined) expect(output).not.toMatch(/PASSPHRASE|B2_|RCLONE/)
  })
})

// Links are planted by another user than the one whose files they lead to.
describe.skipIf(uid === undefined)('a link in a folder of others', () => {
  it('in the product files is kept as a link, and not as what it leads to', () => {
    plantLink(join(uploads, 'planted.webp'), 'secret', SHOP_UID)
    succeed(['nightly', 'local'])
    const archive = join(newestSet(), 'uploads.tar.zst')
    const { output } = cluster.shell(`zstd -dc '${archive}' | tar -tv`)
    expect(output).toMatch(/^l.* \.\/planted\.webp -> .*secret$/m)
    const whole = cluster.shell(`zstd -dc '${archive}'`)
    expect(whole.output).not.toContain('root alone reads')
    rmSync(join(uploads, 'planted.webp'))
  })

  it('in the product files leads a restore nowhere', () => {
    mkdirSync(join(uploads, 'pictures'))
    cluster.upload('pictures/flask.webp', 'a picture')
    cluster.upload('front.webp', 'another picture')
    succeed(['nightly', 'local'])
    const victim = plantLink(join(uploads, 'front.webp'), 'front', SHOP_UID)
    rmSync(join(uploads, 'pictures'), { recursive: true })
    symlinkSync(victims, join(uploads, 'pictures'))
    chownLink(join(uploads, 'pictures'), SHOP_UID)
    succeed(['restore', '--replace'])
    expect(readFileSync(victim, 'utf8')).toBe('root alone reads and writes this')
    expect(existsSync(join(victims, 'flask.webp'))).toBe(false)
    expect(statSync(victims).uid).toBe(0)
    expect(readFileSync(join(uploads, 'front.webp'), 'utf8')).toBe('another picture')
    // What comes back is the containers' own, whoever has restored it.
    expect(lstatSync(join(uploads, 'pictures/flask.webp')).uid).toBe(SHOP_UID)
  })

  it('in the spool of WAL is written over by a night, and what it leads to is not', () => {
    const victim = plantLink(join(spool(), 'base'), 'spool-base', uid)
    const other = plantLink(join(spool(), 'base.part'), 'part', uid)
    const done = cluster.run(['nightly', 'local'], { RR_BACKUP_BASE: 'yes' })
    expect(readFileSync(victim, 'utf8')).toContain('root alone')
    expect(readFileSync(other, 'utf8')).toContain('root alone')
    rmSync(join(spool(), 'base.part'), { force: true })
    // One that its user may not write to ends the night instead.
    expect(done.code).toBe(1)
    expect(cluster.run(['nightly', 'local'], { RR_BACKUP_BASE: 'yes' }).code).toBe(0)
    expect(lstatSync(join(spool(), 'base')).isFile()).toBe(true)
    expect(readFileSync(victim, 'utf8')).toContain('root alone')
  })

  it('in the place of the whole spool changes nobody’s owner', () => {
    const system = spool()
    cluster.shell(`mv '${system}' '${system}.kept'`)
    symlinkSync(victims, system)
    chownLink(system, uid ?? 0)
    const { code } = cluster.run(['nightly', 'local'], { RR_BACKUP_BASE: 'yes' })
    rmSync(system)
    cluster.shell(`mv '${system}.kept' '${system}'`)
    expect(code).toBe(1)
    expect(statSync(victims).uid).toBe(0)
    expect(readdirSync(victims)).not.toContain('base')
  })

  it('in the spool of WAL is not read for PostgreSQL’s user by a recovery', () => {
    plantLink(join(spool(), '00000001000000FF000000FF.zst'), 'segment', uid)
    const output = succeed(['restore', '--until', 'newest', '--replace', '--with-orphans'])
    rmSync(join(spool(), '00000001000000FF000000FF.zst'), { force: true })
    expect(output).not.toContain('damaged')
    expect(cluster.leftovers()).toEqual([])
  })
})
