/** One entry of an archive, as an image that somebody has made by hand could give it. */
export interface Entry {
  name: string
  /** As in tar: 0 file, 1 hard link, 2 link, 3 and 4 devices, 5 folder, 6 pipe. */
  type?: '0' | '1' | '2' | '3' | '4' | '5' | '6' | 'V' | 'x'
  mode?: number
  uid?: number
  gid?: number
  /** Where a link leads. */
  link?: string
  body?: string | Buffer
  /** A size that the header claims, whatever the body has. */
  size?: number
}

const BLOCK = 512

function header({ name, type = '0', mode, uid = 0, gid = 0, link = '', body = '', size }: Entry) {
  const block = Buffer.alloc(BLOCK)
  const octal = (value: number, digits: number) => `${value.toString(8).padStart(digits, '0')}\0`
  block.write(name, 0, 100, 'latin1')
  block.write(octal(mode ?? (type === '5' ? 0o755 : 0o644), 7), 100)
  block.write(octal(uid, 7), 108)
  block.write(octal(gid, 7), 116)
  block.write(octal(size ?? Buffer.byteLength(body), 11), 124)
  block.write(octal(946_684_800, 11), 136)
  block.write(' '.repeat(8), 148)
  block.write(type, 156)
  block.write(link, 157, 100, 'latin1')
  block.write('ustar\x0000', 257, 'latin1')
  block.write(octal(1, 7), 329)
  block.write(octal(3, 7), 337)
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return block
}

/** An archive (tar) of exactly these entries, in this order. */
export function archive(entries: Entry[]): Buffer {
  const blocks = entries.flatMap((entry) => {
    const body = Buffer.from(entry.body ?? '')
    const padded = Buffer.alloc(Math.ceil(body.length / BLOCK) * BLOCK)
    body.copy(padded)
    return [header(entry), padded]
  })
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)])
}
