import { fileAddresses } from '@/environment'

/** Where pictures are: Medusa's own folder of uploads, or object storage. */
export type PictureStore = 'uploads' | 'storage'

/** Bytes that stand for themselves in an address. */
const PLAIN = /[A-Za-z0-9._/-]/

/**
 * A picture has one address and no other spelling, since each spelling would be drawn and kept by itself:
 * what is not a letter, digit, dot, dash or slash is `~` and two hex digits.
 */
export const ONE_SPELLING = /^\/pictures\/(?:uploads|storage)(?:\/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+$/

/** Base addresses of both stores; Medusa serves product files below `/static`. */
function bases(): [PictureStore, URL][] {
  const [backend, storage] = fileAddresses()
  return [
    ...(backend ? [['uploads', new URL(`${backend}/static/`)] as [PictureStore, URL]] : []),
    ...(storage ? [['storage', new URL(`${storage}/`)] as [PictureStore, URL]] : []),
  ]
}

/** A picture is drawn for search engines and other shops' previews in this width. */
const PREVIEW_WIDTH = 1_200

/** Where Next draws a picture that others show, such as a preview of a page. */
export function previewAddress(address: string): string {
  return `/_next/image?url=${encodeURIComponent(address)}&w=${PREVIEW_WIDTH}&q=75`
}

function spelled(name: string): string {
  return [...Buffer.from(name, 'utf8')]
    .map((byte) => {
      const letter = String.fromCharCode(byte)
      return PLAIN.test(letter) ? letter : `~${byte.toString(16).padStart(2, '0')}`
    })
    .join('')
}

function read(text: string): string {
  const bytes = text.replace(/~([0-9a-f]{2})|./gs, (whole, hex?: string) =>
    hex ? String.fromCharCode(Number.parseInt(hex, 16)) : whole,
  )
  return Buffer.from(bytes, 'latin1').toString('utf8')
}

/**
 * The shop's own address of a picture that Medusa names.
 * @returns null for one that is not in our stores: it is not shown
 */
export function pictureAddress(url: string | null | undefined): string | null {
  if (!url || !URL.canParse(url)) return null
  const { href } = new URL(url)
  for (const [store, base] of bases()) {
    if (!href.startsWith(base.href)) continue
    const rest = href.slice(base.href.length)
    try {
      const address = `/pictures/${store}/${spelled(decodeURIComponent(rest))}`
      if (!/[?#]/.test(rest) && ONE_SPELLING.test(address)) return address
    } catch {
      // Not the encoding of any text.
    }
  }
  return null
}

/**
 * Where the picture of one of our own addresses is.
 * @returns null when the address is not the one spelling of any
 */
export function pictureSource(address: string): URL | null {
  if (!ONE_SPELLING.test(address)) return null
  const [, , store, ...names] = address.split('/')
  const base = bases().find(([name]) => name === store)?.[1]
  if (!base) return null
  const source = new URL(names.map((name) => encodeURIComponent(read(name))).join('/'), base)
  return pictureAddress(source.href) === address ? source : null
}
