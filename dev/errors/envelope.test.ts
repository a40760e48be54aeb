import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { parseEnvelope } from './envelope.ts'

const bytes = (...lines: string[]) => Buffer.from(lines.join('\n'))

describe('an envelope', () => {
  it('is read by lines where no length is said', () => {
    const read = parseEnvelope(
      bytes(
        '{"event_id":"a"}',
        '{"type":"event"}',
        '{"x":1}',
        '{"type":"check_in"}',
        '{"y":2}',
        '',
      ),
    )
    expect(read.header.event_id).toBe('a')
    expect(read.items.map(({ header, payload }) => [header.type, payload])).toEqual([
      ['event', { x: 1 }],
      ['check_in', { y: 2 }],
    ])
  })

  it('is read by lengths in bytes, so that a payload may have lines', () => {
    const payload = '{"x":\n"ü"}'
    const length = Buffer.byteLength(payload)
    const read = parseEnvelope(bytes('{}', `{"type":"event","length":${length}}`, payload))
    expect(read.items[0]?.payload).toEqual({ x: 'ü' })
  })

  it('may be compressed', () => {
    const packed = gzipSync(bytes('{}', '{"type":"event"}', '{"x":1}'))
    expect(parseEnvelope(packed, 'gzip').items[0]?.payload).toEqual({ x: 1 })
  })

  it.each([
    ['says too much', '{"type":"event","length":99}', 'shorter'],
    ['says too little', '{"type":"event","length":3}', 'longer'],
  ])('whose length %s is refused', (_, header, words) => {
    expect(() => parseEnvelope(bytes('{}', header, '{"x":1}'))).toThrow(words)
  })
})
