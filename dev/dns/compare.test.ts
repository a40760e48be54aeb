import { describe, expect, it } from 'vitest'
import { inRanges } from './addresses.ts'
import type { ZoneRecord } from './cloudflare.ts'
import { compareAnswers, compareSetting, compareZone } from './compare.ts'
import { type Expectation, expectations } from './expectations.ts'
import type { WantedRecord } from './records.ts'
import type { Answer } from './resolvers.ts'

const isEdge = inRanges(['104.16.0.0/13', '2606:4700::/32'])

const apex: WantedRecord = {
  name: 'example.org',
  type: 'A',
  content: '203.0.113.5',
  proxied: true,
}
const www: WantedRecord = {
  name: 'www.example.org',
  type: 'CNAME',
  content: 'example.org',
  proxied: true,
}
const btcpay: WantedRecord = {
  name: 'btcpay.example.org',
  type: 'A',
  content: '203.0.113.9',
  proxied: false,
}
const caa: WantedRecord = {
  name: 'example.org',
  type: 'CAA',
  content: '0 issue "letsencrypt.org"',
  proxied: false,
}

const values = (...values: string[]): Answer => ({ kind: 'values', values })
const absent: Answer = { kind: 'absent', reason: 'no such record' }
const noName: Answer = { kind: 'absent', reason: 'no such name' }
const silent: Answer = { kind: 'failed', reason: 'does not answer' }

/** The one question of this type about the records' name. */
function question(type: string, ...wanted: WantedRecord[]): Expectation {
  const found = expectations(wanted).filter((each) => each.type === type)
  expect(found).toHaveLength(1)
  return found[0] as Expectation
}

/** The row when resolvers r1, r2… give these answers. */
function ask(expectation: Expectation, ...answers: Answer[]) {
  const named = answers.map((answer, index) => ({ resolver: `r${index + 1}`, answer }))
  return compareAnswers(expectation, named, isEdge)
}

describe('what resolvers are asked', () => {
  it('is the addresses of every name, and whether a proxied alias shows', () => {
    const asked = expectations([apex, caa, www, btcpay]).map(({ name, type }) => `${name} ${type}`)
    expect(asked).toEqual([
      'example.org A',
      'example.org AAAA',
      'example.org CAA',
      'www.example.org A',
      'www.example.org AAAA',
      'www.example.org CNAME',
      'btcpay.example.org A',
      'btcpay.example.org AAAA',
    ])
  })

  it('is only the alias where it is not proxied, and no addresses where there are none', () => {
    const txt: WantedRecord = { ...caa, name: '_dmarc.example.org', type: 'TXT', content: 'v' }
    const asked = expectations([{ ...www, proxied: false }, txt])
    expect(asked.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'www.example.org CNAME',
      '_dmarc.example.org TXT',
    ])
  })
})

describe('an answer', () => {
  const proxiedA = question('A', apex)
  const proxiedAaaa = question('AAAA', apex)
  const flattened = question('CNAME', www)
  const exactA = question('A', btcpay)
  const noAaaa = question('AAAA', btcpay)
  const aaaa = question('AAAA', { ...btcpay, type: 'AAAA', content: '2001:db8::9' })
  const authorities = question('CAA', apex, caa)
  const onlyOurs = question('CAA', { ...apex, proxied: false }, caa)
  const mx = question('MX', { ...caa, type: 'MX', content: '10 mx.example.net' })
  const letsEncrypt = '0 issue "letsencrypt.org"'

  it.each<[string, Expectation, Answer, string]>([
    ['of Cloudflare for a proxied name', proxiedA, values('104.16.0.1', '104.17.0.1'), 'ok'],
    ["of the host's address for a proxied name", proxiedA, values('203.0.113.5'), 'not proxied'],
    ['partly outside of Cloudflare', proxiedA, values('104.16.0.1', '203.0.113.5'), 'not proxied'],
    ['that there is no proxied name', proxiedA, noName, 'missing'],
    ['that does not come', proxiedA, silent, 'no answer'],
    ["of Cloudflare's IPv6", proxiedAaaa, values('2606:4700::6810:1'), 'ok'],
    ["of no IPv6, which Cloudflare's owner may switch off", proxiedAaaa, absent, 'ok'],
    ['of IPv6 that passes Cloudflare by', proxiedAaaa, values('2001:db8::5'), 'not proxied'],
    ['that hides a proxied alias', flattened, absent, 'ok'],
    ['that shows an alias that should be proxied', flattened, values('example.org'), 'not proxied'],
    ['of the very address', exactA, values('203.0.113.9'), 'ok'],
    ['of another address', exactA, values('203.0.113.8'), 'wrong'],
    ['of one address too many', exactA, values('203.0.113.8', '203.0.113.9'), 'wrong'],
    ['of Cloudflare for a name that is DNS only', exactA, values('104.16.0.1'), 'wrong'],
    ['that there is no such name', exactA, noName, 'missing'],
    ['of no IPv6 where the host has none', noAaaa, absent, 'ok'],
    ['of IPv6 where the host has none', noAaaa, values('2001:db8::9'), 'unwanted'],
    ["of the host's IPv6", aaaa, values('2001:db8::9'), 'ok'],
    ['of our authority alone', authorities, values(letsEncrypt), 'ok'],
    [
      "of our authority among Cloudflare's",
      authorities,
      values(letsEncrypt, '0 issue "pki.goog; cansignhttpexchanges=yes"', '0 issuewild "ssl.com"'),
      'ok',
    ],
    [
      "of Cloudflare's authorities without ours",
      authorities,
      values('0 issue "ssl.com"'),
      'missing',
    ],
    [
      'of a stranger among the authorities',
      authorities,
      values(letsEncrypt, '0 issue "ca.example"'),
      'unwanted authority',
    ],
    [
      'of a stranger with the name of an authority in it',
      authorities,
      values(letsEncrypt, '0 issue "evil.ssl.com"'),
      'unwanted authority',
    ],
    [
      "of Cloudflare's authorities where it has no certificates",
      onlyOurs,
      values(letsEncrypt, '0 issue "ssl.com"'),
      'wrong',
    ],
    ['of the mail server', mx, values('10 mx.example.net'), 'ok'],
    ['of the mail server with another priority', mx, values('20 mx.example.net'), 'wrong'],
  ])('%s', (_, expectation, answer, verdict) => {
    const row = ask(expectation, answer)
    expect(row.verdict).toEqual([verdict])
    expect(row.ok).toBe(verdict === 'ok')
  })

  it('to an address that is not filled in is never right', () => {
    const fillIn = 'fill in hosts.btc.ipv4'
    const row = ask(question('A', { ...btcpay, content: null, fillIn }), values('203.0.113.9'))
    expect(row).toMatchObject({
      wanted: ['?'],
      found: [['203.0.113.9']],
      verdict: ['fill in'],
      fillIn,
      ok: false,
    })
  })
})

describe('several resolvers', () => {
  const exactA = question('A', btcpay)
  const right = values('203.0.113.9')

  it('are right together', () => {
    expect(ask(exactA, right, right)).toMatchObject({ verdict: ['ok'], ok: true })
  })

  it('that disagree are named', () => {
    const row = ask(exactA, right, values('203.0.113.8'), right)
    expect(row).toMatchObject({ verdict: ['resolvers disagree', 'r2: wrong'], ok: false })
    expect(row.found).toEqual([['203.0.113.9'], ['203.0.113.8'], ['203.0.113.9']])
  })

  it('of which one is silent do not disagree, and are not enough', () => {
    const row = ask(exactA, right, silent)
    expect(row).toMatchObject({ verdict: ['r2: no answer'], ok: false })
  })

  it('that were never asked prove nothing', () => {
    expect(ask(exactA).ok).toBe(false)
  })
})

describe('the records at Cloudflare', () => {
  const zone = (record: WantedRecord, change: Partial<ZoneRecord> = {}): ZoneRecord => ({
    name: record.name,
    type: record.type,
    content: record.content ?? '',
    proxied: record.proxied,
    ...change,
  })
  const verdicts = (wanted: WantedRecord[], found: ZoneRecord[]) =>
    compareZone(wanted, found).map((row) => [row.name, row.verdict[0], row.ok])

  it('are right when they are the wanted ones in any order', () => {
    const wanted = [apex, www, btcpay, caa]
    expect(verdicts(wanted, wanted.map((each) => zone(each)).reverse())).toEqual(
      wanted.map(({ name }) => [name, 'ok', true]),
    )
  })

  it.each<[string, WantedRecord, ZoneRecord[], string]>([
    ['missing', apex, [], 'missing'],
    ['of another content', apex, [zone(apex, { content: '203.0.113.6' })], 'wrong'],
    ['DNS only instead of proxied', apex, [zone(apex, { proxied: false })], 'not proxied'],
    [
      'proxied instead of DNS only',
      btcpay,
      [zone(btcpay, { proxied: true })],
      'must not be proxied',
    ],
  ])('one %s', (_, wanted, found, verdict) => {
    expect(verdicts([wanted], found)).toEqual([[wanted.name, verdict, false]])
  })

  it('that the file does not have are unknown', () => {
    const old = zone(btcpay, { name: 'old.example.org' })
    expect(compareZone([btcpay], [old, zone(btcpay)])).toMatchObject([
      { name: 'btcpay.example.org', verdict: ['ok'], found: [['203.0.113.9, DNS only']] },
      { name: 'old.example.org', verdict: ['unknown'], wanted: ['not in the file'], ok: false },
    ])
  })

  it('of one name and type too many are unknown, whatever their order', () => {
    const second = zone(apex, { content: '203.0.113.6' })
    expect(verdicts([apex], [second, zone(apex)])).toEqual([
      ['example.org', 'ok', true],
      ['example.org', 'unknown', false],
    ])
  })

  it('of another type are missing and unknown', () => {
    const address = zone(www, { type: 'A', content: '203.0.113.5' })
    expect(verdicts([www], [address])).toEqual([
      ['www.example.org', 'missing', false],
      ['www.example.org', 'unknown', false],
    ])
  })

  it('show what is there for an address that is not filled in', () => {
    const unknown = { ...apex, content: null, fillIn: 'fill in hosts.app.ipv4' }
    expect(compareZone([unknown], [zone(apex)])).toMatchObject([
      {
        found: [['203.0.113.5, proxied']],
        verdict: ['fill in'],
        fillIn: 'fill in hosts.app.ipv4',
        ok: false,
      },
    ])
  })
})

describe('a setting', () => {
  it('is right or wrong', () => {
    expect(compareSetting('example.org', 'ssl', 'strict', 'strict').ok).toBe(true)
    expect(compareSetting('example.org', 'ssl', 'strict', 'full')).toMatchObject({
      wanted: ['strict'],
      found: [['full']],
      verdict: ['wrong'],
      ok: false,
    })
  })
})
