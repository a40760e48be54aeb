/** BTCPay's ids are base58, hexadecimal or UUIDs; nothing else is asked for or kept. */
export const BTCPAY_ID = /^[\w-]{1,100}$/

/**
 * A path of Greenfield with its ids in it. They may come from outside, and a URL takes `..` away however it is
 * written.
 * @param template such as `/api/v1/stores/{storeId}/invoices`
 * @returns undefined when one of them cannot be an id of BTCPay
 */
export function pathOf(template: string, ids: Record<string, string>): string | undefined {
  let isId = true
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const id = ids[name]
    if (id === undefined || !BTCPAY_ID.test(id)) isId = false
    return encodeURIComponent(id ?? '')
  })
  return isId ? path : undefined
}
