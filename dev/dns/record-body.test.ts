import { expect, it } from 'vitest'
import { type KnownRecord, recordBody } from './record-body.ts'

const record = (type: KnownRecord['type'], content: string, proxied = false): KnownRecord => ({
  name: 'example.org',
  type,
  content,
  proxied,
})
const rest = { name: 'example.org', ttl: 1, comment: 'rr-bizops' }

it.each([
  [record('A', '203.0.113.5', true), { type: 'A', content: '203.0.113.5', proxied: true }],
  [record('CNAME', 'example.net'), { type: 'CNAME', content: 'example.net', proxied: false }],
  [
    record('CAA', '128 issue "pki.goog; a=b"'),
    { type: 'CAA', data: { flags: 128, tag: 'issue', value: 'pki.goog; a=b' } },
  ],
  [record('MX', '10 mx.example.net'), { type: 'MX', priority: 10, content: 'mx.example.net' }],
  [record('TXT', 'say "yes"'), { type: 'TXT', content: String.raw`"say \"yes\""` }],
  [
    record('TXT', 'k'.repeat(300)),
    { type: 'TXT', content: `"${'k'.repeat(255)}" "${'k'.repeat(45)}"` },
  ],
])('a record of ours is sent as Cloudflare takes it: %o', (given, body) => {
  expect(recordBody(given)).toEqual({ ...rest, ...body })
})
