import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { World } from './world.ts'

const world = new World(26110)
const MARK = 'a-secret-that-must-not-be-readable'
beforeAll(async () => {
  await world.start()
  const file = join(world.folder, '.env')
  writeFileSync(file, `${readFileSync(file, 'utf8')}STRIPE_LIKE=${MARK}\n`)
})
afterAll(() => world.stop())
beforeEach(() => world.clear())

async function goodNight(): Promise<string> {
  const { local, offsite } = await world.night()
  expect(local.code, local.output).toBe(0)
  expect(offsite?.code, offsite?.output).toBe(0)
  return String(world.fact('offsite')?.set)
}

describe('the off-site copy', () => {
  it('holds the whole set, and is told only after it was read back', async () => {
    const stamp = await goodNight()
    expect(world.setsOffsite()).toEqual([stamp])
    expect(await world.damagedOffsite()).toEqual([])
    expect(world.fact('offsite')).toMatchObject({ set: stamp, bytes: world.fact('last')?.bytes })
    const copied = join(world.folder, 'downloaded', stamp, 'database.dump')
    expect(world.loads(copied)).toBe(world.orders())
  })

  it('is sent with its list of contents last, after all else was read back', async () => {
    const uploaded: string[] = []
    world.b2.onUpload = (name) => {
      uploaded.push(name)
      world.b2.calls.push(name)
    }
    await goodNight()
    expect(uploaded).toHaveLength(5)
    expect(uploaded.at(-1)).toMatch(/\/SHA256SUMS\.bin$/)
    const { calls } = world.b2
    const list = calls.indexOf(String(uploaded.at(-1)))
    const read = calls.slice(0, list).filter((call) => call === 'b2_download_file_by_id')
    expect(read).toHaveLength(4)
  })

  it('cannot be read without the passphrase', async () => {
    await goodNight()
    const stored = Buffer.concat(world.b2.versions().map(({ bytes }) => bytes)).toString('latin1')
    expect(stored).not.toContain(MARK)
    expect(stored).not.toContain('PGDMP')
    expect(stored).toContain('RCLONE')
    const other = await world.rclone(
      ['cat', `offsite:sets/${world.setsOffsite()[0]}/secrets.env`],
      {
        BACKUP_PASSPHRASE: 'another',
      },
    )
    expect(other.code).not.toBe(0)
    expect(other.output).not.toContain(MARK)
  })

  it('goes in parts when a file is large', async () => {
    const large = join(world.folder, 'large')
    mkdirSync(large)
    writeFileSync(join(large, 'database.dump'), randomBytes(11_000_000))
    world.extra = { RR_RCLONE_CHUNK_SIZE: '5Mi', RR_RCLONE_UPLOAD_CUTOFF: '5Mi' }
    const sent = await world.rclone(['copy', large, 'offsite:large'])
    expect(sent.code, sent.output).toBe(0)
    expect(world.b2.calls.filter((call) => call === 'b2_upload_part')).toHaveLength(3)
    const compared = await world.rclone(['check', '--download', large, 'offsite:large'])
    expect(compared.code, compared.output).toBe(0)
  })

  it('is not said to be new when the night made nothing new', async () => {
    const stamp = await goodNight()
    const again = await world.half('offsite')
    expect(again.code).toBe(1)
    expect(again.said).toContain(`no new set to bring off-site: ${stamp}`)
    expect(again.pings).toEqual(['/start', '/1'])
  })

  it('is made up for in the next night when the network was away', async () => {
    world.b2.faults.unavailable = true
    const { local, offsite } = await world.night()
    expect([local.code, offsite?.code]).toEqual([0, 1])
    expect(world.fact('offsite')).toBeUndefined()
    world.b2.wellAgain()
    // The next dump fails, and yesterday's set still goes.
    world.now += 86_400
    world.instead('pg_dump', '[[ $1 == --version ]] && exec "$real" "$@"; exit 1')
    const next = await world.night()
    expect(next.local.code).toBe(1)
    expect(next.offsite?.code, next.offsite?.output).toBe(0)
    expect(world.fact('offsite')?.set).toBe(world.fact('last')?.set)
  })

  it('is of the set just made, not of the newest name, after the clock was put back', async () => {
    const ahead = await goodNight()
    world.now -= 40 * 86_400
    const back = await goodNight()
    world.now += 41 * 86_400
    expect(back < ahead).toBe(true)
    expect(world.setsOffsite()).toEqual([back, ahead])
  })

  it('says what is not set up', async () => {
    await world.half('local')
    world.extra = { B2_APPLICATION_KEY: '', BACKUP_PASSPHRASE: '' }
    const { code, said } = await world.half('offsite')
    expect(code).toBe(1)
    expect(said).toBe(
      'off-site is not set up: missing B2_APPLICATION_KEY BACKUP_PASSPHRASE (rr-env, docs/backups.md)',
    )
  })

  it('reads its settings from the host share of the secrets, for a call by hand', async () => {
    await world.half('local')
    const env = world.environment()
    const names = ['B2_BUCKET', 'B2_KEY_ID', 'B2_APPLICATION_KEY', 'BACKUP_PASSPHRASE']
    const lines = names.map((name) => `${name}=${env[name]}\n`)
    writeFileSync(join(world.folder, 'secrets/host.env'), lines.join(''))
    world.extra = Object.fromEntries(names.map((name) => [name, '']))
    const { code, output } = await world.half('offsite')
    rmSync(join(world.folder, 'secrets/host.env'))
    expect(code, output).toBe(0)
  })

  it('shows no secret in a command line or in what it prints', async () => {
    const seen = join(world.folder, 'commands')
    world.instead('rclone', `echo "$@" >>${seen}; exec "$real" "$@"`)
    const { local, offsite } = await world.night()
    expect(offsite?.code, offsite?.output).toBe(0)
    const told = readFileSync(seen, 'utf8') + local.output + offsite?.output
    const { B2_APPLICATION_KEY = '', BACKUP_PASSPHRASE = '' } = world.environment()
    expect(told).toContain('hashsum')
    for (const secret of [B2_APPLICATION_KEY, BACKUP_PASSPHRASE]) expect(told).not.toContain(secret)
  })
})

describe("the host's key", () => {
  it('hides, and cannot delete', async () => {
    const stamp = await goodNight()
    const versions = world.b2.versions().length
    const hard = await world.rclone(['purge', '--b2-hard-delete', 'offsite:sets'])
    expect(hard.code).not.toBe(0)
    expect(world.b2.versions()).toHaveLength(versions)
    const soft = await world.rclone(['delete', 'offsite:sets'])
    expect(soft.code, soft.output).toBe(0)
    expect(world.b2.names()).toEqual([])
    expect(world.b2.versions()).toHaveLength(versions * 2)
    expect(world.b2.calls).toContain('b2_hide_file')

    // The owner finds all of it again, as it was before.
    const copy = join(world.folder, 'found again')
    const at = new Date(world.b2.now).toISOString()
    const back = await world.rclone(
      ['copy', '--b2-version-at', at, `offsite:sets/${stamp}`, copy],
      { B2_KEY_ID: world.b2.owner.id, B2_APPLICATION_KEY: world.b2.owner.secret },
    )
    expect(back.code, back.output).toBe(0)
    expect(world.loads(join(copy, 'database.dump'))).toBe(world.orders())
  })

  it('leaves what it wrote over where the owner finds it for thirty days', async () => {
    const stamp = await goodNight()
    const rubbish = join(world.folder, 'rubbish')
    writeFileSync(rubbish, 'nothing of value')
    await world.rclone(['copyto', '--ignore-times', rubbish, `offsite:sets/${stamp}/database.dump`])
    const before = world.b2.versions().length
    const from = world.b2.now
    world.b2.now = from + 29 * 86_400_000
    expect(world.b2.lifecycle()).toEqual([])
    expect(world.b2.versions()).toHaveLength(before)
    world.b2.now = from + 31 * 86_400_000
    expect(world.b2.lifecycle()).toEqual([`sets/${stamp}/database.dump.bin`])
    expect(world.b2.names()).toHaveLength(5)
    world.b2.now = from
  })
})
