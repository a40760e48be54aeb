import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')
const SCRIPT = '.github/scripts/secret-scan'

let repository: string
beforeEach(() => {
  repository = mkdtempSync(join(tmpdir(), 'rr-secret-scan-'))
  for (const path of [SCRIPT, 'dev/security/secretlint.json']) {
    cpSync(join(ROOT, path), join(repository, path))
  }
  symlinkSync(join(ROOT, 'node_modules'), join(repository, 'node_modules'))
  git('init', '--quiet')
  write({ '.gitignore': 'node_modules\n.env\n', 'README.md': 'a shop\n' })
})
afterEach(() => rmSync(repository, { recursive: true, force: true }))

function git(...args: string[]): void {
  const { status, stderr } = spawnSync('git', args, { cwd: repository, encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
}

function write(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(repository, dirname(path)), { recursive: true })
    writeFileSync(join(repository, path), text)
  }
}

function scan(folder = repository) {
  const { status, stdout, stderr } = spawnSync(join(folder, SCRIPT), {
    encoding: 'utf8',
    timeout: 60_000,
    env: { ...process.env, NO_COLOR: '1' },
  })
  return { status, output: stdout + stderr }
}

/** In two parts, so that this file holds none. */
const PLANTED = {
  'a token of GitHub': ['ghp', `_${'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'}`],
  'a private key': [
    '-----BEGIN OPENSSH',
    ` PRIVATE KEY-----\n${'b3BlbnNzaC1rZXktdjEA'.repeat(8)}\n-----END OPENSSH PRIVATE KEY-----`,
  ],
  'a key of AWS': ['aws_secret_access_key = wJalrXUtnFEMI/K7MDENG', '/bPxRfiCYzzzzzzzKEY'],
  'a database with its password': ['postgres://shop:9c', 'Xy28vQw@db.prod-host.net:5432/shop'],
}

describe('the secret scan', { timeout: 60_000 }, () => {
  it('finds nothing where nothing is', () => {
    git('add', '.')
    expect(scan()).toMatchObject({ status: 0, output: expect.stringContaining('no secret found') })
  })

  it.each(Object.entries(PLANTED))(
    'finds %s, tracked or new, and does not print it',
    (_, parts) => {
      const secret = parts.join('')
      write({ 'src/app/[region]/page.ts': `const it = \`${secret}\`\n` })
      const fresh = scan()
      expect(fresh.status).not.toBe(0)
      expect(fresh.output).toContain('[region]/page.ts')
      expect(fresh.output).not.toContain(secret)
      git('add', '.')
      expect(scan().status).not.toBe(0)
    },
  )

  it('leaves what git ignores: a developer’s own .env', () => {
    write({ '.env': `TOKEN=${PLANTED['a token of GitHub'].join('')}\n` })
    git('add', '.')
    expect(scan().status).toBe(0)
  })

  it('finds nothing in this repository', () => {
    expect(scan(ROOT)).toMatchObject({ status: 0, output: 'no secret found\n' })
  })
})
