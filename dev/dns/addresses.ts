import { BlockList, isIP, SocketAddress } from 'node:net'

/** A range of addresses as in `10.0.0.0/8`; gives whether an address lies in one of them. */
export function inRanges(ranges: readonly string[]): (address: string) => boolean {
  const list = new BlockList()
  for (const range of ranges) {
    const [network = '', bits = ''] = range.split('/')
    list.addSubnet(network, Number(bits), familyOf(network))
  }
  return (address) => isIP(address) !== 0 && list.check(address, familyOf(address))
}

/** The one way to write an address (RFC 5952), which Cloudflare and resolvers use, too. */
export function canonical(address: string): string {
  return new SocketAddress({ address, family: familyOf(address) }).address
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4'
}

/** Addresses that nobody on the internet reaches: a private network's, this machine's own, a link's. */
export const isPrivate = inRanges([
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '::/127',
  'fc00::/7',
  'fe80::/10',
])
