import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A certificate and the file of the authority that vouches for it. */
export interface Certificate {
  key: string
  cert: string
  /** Path of the authority's certificate. */
  ca: string
}

/** A certificate for one name, valid for so many days from now, by an authority of its own. */
export function certificate(folder: string, name: string, days: number): Certificate {
  const here = mkdtempSync(join(folder, 'certificate-'))
  const path = (file: string) => join(here, file)
  const openssl = (...args: string[]) =>
    execFileSync('openssl', args, { cwd: here, stdio: 'ignore', timeout: 20_000 })
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  openssl(
    'req',
    '-x509',
    ...key,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-subj',
    '/CN=test',
    '-days',
    '90',
  )
  openssl('req', ...key, '-keyout', 'key.pem', '-out', 'request.pem', '-subj', `/CN=${name}`)
  const kind = /^[\d.]+$/.test(name) ? 'IP' : 'DNS'
  writeFileSync(path('names'), `subjectAltName=${kind}:${name}\n`)
  const sign = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'names']
  openssl('x509', '-req', '-in', 'request.pem', ...sign, '-days', String(days), '-out', 'cert.pem')
  return {
    key: readFileSync(path('key.pem'), 'utf8'),
    cert: readFileSync(path('cert.pem'), 'utf8'),
    ca: path('ca.pem'),
  }
}
