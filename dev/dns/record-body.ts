import type { WantedRecord } from './records.ts'

/** The comment that a record of ours carries at Cloudflare; records without it are never deleted. */
export const OURS = 'rr-bizops'
/** Of a string in a TXT record: https://www.rfc-editor.org/rfc/rfc1035#section-3.3 */
const LONGEST_STRING = 255

/** A wanted record whose content is known. */
export interface KnownRecord extends WantedRecord {
  content: string
}

/**
 * A record as Cloudflare takes it; ttl 1 is "automatic".
 * https://developers.cloudflare.com/api/resources/dns/subresources/records/methods/create/
 */
export function recordBody({ name, type, content, proxied }: KnownRecord): Record<string, unknown> {
  const rest = { name, type, ttl: 1, comment: OURS }
  switch (type) {
    case 'A':
    case 'AAAA':
    case 'CNAME':
      return { ...rest, content, proxied }
    case 'CAA': {
      const [, flags, tag, value] = /^(\d+) (\S+) "(.*)"$/.exec(content) ?? []
      return { ...rest, data: { flags: Number(flags), tag, value } }
    }
    case 'MX': {
      const [priority, target] = content.split(' ')
      return { ...rest, priority: Number(priority), content: target }
    }
    case 'TXT':
      return { ...rest, content: quoted(content) }
  }
}

/** Strings in quotation marks, as Cloudflare advises: https://developers.cloudflare.com/dns/manage-dns-records/reference/dns-record-types/#txt */
function quoted(text: string): string {
  const strings = text.match(new RegExp(`[^]{1,${LONGEST_STRING}}`, 'g')) ?? []
  return strings.map((each) => `"${each.replaceAll(/["\\]/g, '\\$&')}"`).join(' ')
}
