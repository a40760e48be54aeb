import pg from 'pg'

/** Keys of PostgreSQL's advisory locks; nobody else here uses any. */
const TRAP = 7_001
const CAUGHT = 7_002

/** Where in the database a process is caught: before a row is written, of whom a column tells. */
export interface Place {
  when: string
  table: string
  /** Names whose row it is. */
  column: string
}

/** Holds processes at a certain moment, so that they can be killed in it. */
export class Trap {
  private readonly client: pg.Client
  private readonly place: Place

  private constructor(client: pg.Client, place: Place) {
    this.client = client
    this.place = place
  }

  static async set(databaseUrl: string, place: Place): Promise<Trap> {
    const client = new pg.Client({ connectionString: databaseUrl })
    await client.connect()
    await client.query(`SELECT pg_advisory_lock(${TRAP})`)
    // Whoever is caught says of whom, then waits until the trap is opened.
    await client.query(`CREATE OR REPLACE FUNCTION trap() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM pg_advisory_xact_lock_shared(${CAUGHT}, hashtext(NEW.${place.column}));
        PERFORM pg_advisory_xact_lock_shared(${TRAP});
        RETURN NEW;
      END $$`)
    await client.query(
      `CREATE TRIGGER trap BEFORE ${place.when} ON "${place.table}" FOR EACH ROW EXECUTE FUNCTION trap()`,
    )
    return new Trap(client, place)
  }

  /** Which of these are caught now. */
  async caught(names: string[]): Promise<string[]> {
    const { rows } = await this.client.query<{ name: string }>(
      `SELECT name FROM unnest($1::text[]) AS name WHERE hashtext(name)::bigint & 4294967295 IN (
         SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND classid = ${CAUGHT})`,
      [names],
    )
    return rows.map(({ name }) => name)
  }

  /** Ends all that wait in it, as the server ends a killed process's transactions, and takes it away. */
  async open(): Promise<void> {
    await this.client.query(
      `SELECT pg_terminate_backend(pid) FROM pg_locks
       WHERE locktype = 'advisory' AND objid = ${TRAP} AND NOT granted`,
    )
    await this.client.query(`DROP TRIGGER trap ON "${this.place.table}"`)
    await this.client.end()
  }
}
