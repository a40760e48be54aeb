import { createSocket } from 'node:dgram'
import type { AddressInfo } from 'node:net'
import { canonical } from './addresses.ts'

/** What the stand-in knows: `name TYPE` to lines as zone files have them. */
export type Zone = Record<string, string[]>

/** How it fails: as if the name did not exist, with an error, or not at all. */
export type Fault = 'nxdomain' | 'servfail' | 'refused' | 'silent'

export interface NameServer {
  /** Address with port, for `resolverAt`. */
  address: string
  /** Questions so far, as `name TYPE`. */
  asked: string[]
  close(): void
}

const TYPES: Record<number, string> = {
  1: 'A',
  5: 'CNAME',
  15: 'MX',
  16: 'TXT',
  28: 'AAAA',
  257: 'CAA',
}
const CODES: Record<string, number> = Object.fromEntries(
  Object.entries(TYPES).map(([code, type]) => [type, Number(code)]),
)
const RCODES = { nxdomain: 3, servfail: 2, refused: 5 }
/** Response, recursion desired and available. */
const FLAGS = 0x8180

/**
 * A name server on loopback for tests; speaks RFC 1035 over UDP as far as `node:dns` asks.
 * @param faults by name, or `*` for every question
 */
export async function startNameServer(
  zone: Zone,
  faults: Record<string, Fault> = {},
): Promise<NameServer> {
  const socket = createSocket('udp4')
  const asked: string[] = []
  socket.on('message', (message, from) => {
    const question = readQuestion(message)
    asked.push(`${question.name} ${question.type}`)
    const fault = faults['*'] ?? faults[question.name]
    if (fault === 'silent') return
    const answers = fault ? [] : follow(zone, question.name, question.type)
    socket.send(encode(message, question, answers, fault ? RCODES[fault] : 0), from.port)
  })
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  const { port } = socket.address() as AddressInfo
  return { address: `127.0.0.1:${port}`, asked, close: () => socket.close() }
}

interface AskedFor {
  name: string
  type: string
  /** Length of the question in the message. */
  bytes: number
}

interface Answer {
  name: string
  type: string
  data: string
}

function readQuestion(message: Buffer): AskedFor {
  const labels: string[] = []
  let at = 12
  for (let length = message.readUInt8(at); length > 0; length = message.readUInt8(at)) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  const type = message.readUInt16BE(at + 1)
  return {
    name: labels.join('.').toLowerCase(),
    type: TYPES[type] ?? String(type),
    bytes: at + 5 - 12,
  }
}

/** Answers of a name; an alias is answered with its target's. */
function follow(zone: Zone, name: string, type: string): Answer[] {
  const own = (zone[`${name} ${type}`] ?? []).map((data) => ({ name, type, data }))
  const target = zone[`${name} CNAME`]?.[0]
  if (type === 'CNAME' || target === undefined) return own
  return [{ name, type: 'CNAME', data: target }, ...follow(zone, target, type)]
}

function encode(query: Buffer, question: AskedFor, answers: Answer[], rcode: number): Buffer {
  const header = Buffer.alloc(12)
  header.writeUInt16BE(query.readUInt16BE(0), 0)
  header.writeUInt16BE(FLAGS | rcode, 2)
  header.writeUInt16BE(1, 4)
  header.writeUInt16BE(answers.length, 6)
  const records = answers.map(({ name, type, data }) => {
    const fixed = Buffer.alloc(10)
    const bytes = encodeData(type, data)
    fixed.writeUInt16BE(CODES[type] ?? 0, 0)
    fixed.writeUInt16BE(1, 2)
    fixed.writeUInt32BE(300, 4)
    fixed.writeUInt16BE(bytes.length, 8)
    return Buffer.concat([encodeName(name), fixed, bytes])
  })
  return Buffer.concat([header, query.subarray(12, 12 + question.bytes), ...records])
}

function encodeData(type: string, data: string): Buffer {
  switch (type) {
    case 'A':
      return Buffer.from(data.split('.').map(Number))
    case 'AAAA':
      return encodeIpv6(data)
    case 'CNAME':
      return encodeName(data)
    case 'MX': {
      const [priority = '0', target = ''] = data.split(' ')
      return Buffer.concat([Buffer.from([0, Number(priority)]), encodeName(target)])
    }
    case 'TXT':
      return Buffer.concat([...data.matchAll(/.{1,255}/g)].map(([part]) => encodeString(part)))
    case 'CAA': {
      const [, flags, tag = '', value = ''] = /^(\d+) (\S+) "(.*)"$/.exec(data) ?? []
      return Buffer.concat([Buffer.from([Number(flags)]), encodeString(tag), Buffer.from(value)])
    }
    default:
      throw new Error(`the stand-in has no ${type} records`)
  }
}

function encodeName(name: string): Buffer {
  return Buffer.concat([...name.split('.').map(encodeString), Buffer.from([0])])
}

function encodeString(text: string): Buffer {
  return Buffer.concat([Buffer.from([text.length]), Buffer.from(text, 'latin1')])
}

function encodeIpv6(address: string): Buffer {
  const [head = '', tail = ''] = canonical(address).split('::')
  const groups = (text: string) => text.split(':').filter(Boolean)
  const left = groups(head)
  const right = groups(tail)
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0')
  const bytes = [...left, ...zeros, ...right].flatMap((group) => {
    const value = Number.parseInt(group, 16)
    return [value >> 8, value & 0xff]
  })
  return Buffer.from(bytes)
}
