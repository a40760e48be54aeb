/** What a window says to another, as far as it is looked at. */
export type Said = Pick<MessageEvent, 'origin' | 'source' | 'data'>

/**
 * What BTCPay's page in our frame says: `news` to look for, or that it wants to be closed. Nothing that it
 * says is believed, and nothing at all is taken of anybody else: it posts to any window, so any window may
 * post to us.
 */
export function messageOf(
  { origin, source, data }: Said,
  checkoutLink: string,
  frame: MessageEventSource | null | undefined,
): 'news' | 'close' | undefined {
  if (!frame || source !== frame || origin !== new URL(checkoutLink).origin) return undefined
  return data === 'close' ? 'close' : 'news'
}
