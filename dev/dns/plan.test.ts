import { describe, expect, it } from 'vitest'
import type { HeldRecord } from './cloudflare.ts'
import { planZone } from './plan.ts'
import type { WantedRecord } from './records.ts'

const FILL_IN = 'fill in hosts.app.ipv4'

function want(name: string, type: WantedRecord['type'], content: string | null, proxied = true) {
  const each: WantedRecord = { name, type, content, proxied }
  return content === null ? { ...each, fillIn: FILL_IN } : each
}

let ids = 0
function held(name: string, type: string, content: string, more: Partial<HeldRecord> = {}) {
  ids += 1
  return { id: `id${ids}`, name, type, content, proxied: true, comment: 'rr-bizops', ...more }
}

function planned(wanted: WantedRecord[], records: HeldRecord[]) {
  const { changes, notes, obstacles } = planZone(wanted, {}, { records, settings: {} })
  return { lines: changes.map(({ line }) => line), notes, obstacles }
}

const NOTHING = { lines: [], notes: [], obstacles: [] }

describe('a plan for a zone', () => {
  it('is empty when the zone has what is wanted', () => {
    expect(planned([want('a.org', 'A', '1.1.1.1')], [held('a.org', 'A', '1.1.1.1')])).toEqual(
      NOTHING,
    )
  })

  it('makes, changes and deletes what is ours', () => {
    const wanted = [want('a.org', 'A', '1.1.1.1'), want('b.org', 'CNAME', 'a.org')]
    const zone = [held('a.org', 'A', '2.2.2.2'), held('old.org', 'TXT', 'v=1', { proxied: false })]
    expect(planned(wanted, zone).lines).toEqual([
      '+ b.org CNAME a.org, proxied',
      '~ a.org A 1.1.1.1, proxied (was 2.2.2.2, proxied)',
      '- old.org TXT v=1',
    ])
  })

  it('turns the proxy on again', () => {
    const zone = [held('a.org', 'A', '1.1.1.1', { proxied: false })]
    expect(planned([want('a.org', 'A', '1.1.1.1')], zone).lines).toEqual([
      '~ a.org A 1.1.1.1, proxied (was 1.1.1.1, DNS only)',
    ])
  })

  it('leaves alone what has not our comment, whatever its type', () => {
    const zone = [
      held('a.org', 'MX', '10 mx.org', { comment: '', proxied: false }),
      held('a.org', 'TXT', 'verify=1', { comment: 'google', proxied: false }),
      held('shop.org', 'A', '2.2.2.2', { comment: '' }),
    ]
    expect(planned([want('a.org', 'A', '1.1.1.1')], zone)).toEqual({
      lines: ['+ a.org A 1.1.1.1, proxied'],
      notes: [
        'left alone: a.org MX 10 mx.org',
        'left alone: a.org TXT verify=1',
        'left alone: shop.org A 2.2.2.2, proxied',
      ],
      obstacles: [],
    })
  })

  it('takes over a record that somebody made by hand, if it is just what is wanted', () => {
    const zone = [held('a.org', 'A', '1.1.1.1', { comment: '' })]
    expect(planned([want('a.org', 'A', '1.1.1.1')], zone).lines).toEqual([
      '~ a.org A 1.1.1.1, proxied, from now on ours',
    ])
  })

  it('stops at a record that is not ours and answers for a name of ours', () => {
    for (const [type, content] of [
      ['A', '9.9.9.9'],
      ['AAAA', '2001:db8::9'],
      ['CNAME', 'b.org'],
    ] as const) {
      const zone = [held('a.org', type, content, { comment: 'mine' })]
      const { obstacles } = planned([want('a.org', 'A', '1.1.1.1')], zone)
      expect(obstacles).toEqual([
        `a.org ${type} ${content}, proxied is not ours and answers for a name of ours: delete it at Cloudflare, or give it the comment rr-bizops`,
      ])
    }
  })

  it('deletes an alias of ours before it makes an address of that name', () => {
    const zone = [held('a.org', 'CNAME', 'b.org'), held('z.org', 'A', '2.2.2.2')]
    expect(planned([want('a.org', 'A', '1.1.1.1')], zone).lines).toEqual([
      '- a.org CNAME b.org, proxied',
      '+ a.org A 1.1.1.1, proxied',
      '- z.org A 2.2.2.2, proxied',
    ])
  })

  it('touches no address of a name whose address is not filled in, and goes on with the rest', () => {
    const wanted = [want('a.org', 'A', null), want('a.org', 'TXT', 'hi', false)]
    const zone = [held('a.org', 'A', '1.1.1.1'), held('a.org', 'AAAA', '2001:db8::1')]
    expect(planned(wanted, zone)).toEqual({
      lines: ['+ a.org TXT hi'],
      notes: [FILL_IN],
      obstacles: [],
    })
  })

  it('keeps one of two equal records: the one that is ours', () => {
    const zone = [held('a.org', 'A', '1.1.1.1', { comment: '' }), held('a.org', 'A', '1.1.1.1')]
    const { lines, obstacles } = planned([want('a.org', 'A', '1.1.1.1')], zone)
    expect(lines).toEqual([])
    expect(obstacles).toHaveLength(1)
  })

  it('sets what differs of the settings, last', () => {
    const { changes } = planZone(
      [want('a.org', 'A', '1.1.1.1')],
      { ssl: 'strict', rocket_loader: 'off' },
      { records: [], settings: { ssl: 'full', rocket_loader: 'off' } },
    )
    expect(changes.map(({ line }) => line)).toEqual([
      '+ a.org A 1.1.1.1, proxied',
      '~ setting ssl strict (was full)',
    ])
  })
})
