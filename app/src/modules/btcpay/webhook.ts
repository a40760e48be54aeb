/** A webhook of the store as Greenfield has it (`WebhookData`). */
export interface StoreWebhook {
  id: string
  url: string
  enabled: boolean
  automaticRedelivery: boolean
  authorizedEvents: { everything: boolean; specificEvents?: string[] | null }
}

/** Events after which an invoice is asked for. More do no harm: each is a hint. */
export const EVENTS = [
  'InvoiceReceivedPayment',
  'InvoicePaymentSettled',
  'InvoiceProcessing',
  'InvoiceExpired',
  'InvoiceExpiredPaidPartial',
  'InvoicePaidAfterExpiration',
  'InvoiceSettled',
  'InvoiceInvalid',
  'InvoiceRefund',
] as const

/** What is wrong with our webhook, in the owner's words; none: it is as it should be. */
export interface JudgedWebhook {
  registered: boolean
  problems: string[]
  /** Ours, as it is now. */
  webhook: StoreWebhook | undefined
}

/** Looks for our webhook among the store's, and at what BTCPay would send to it. */
export function judgeWebhooks(webhooks: StoreWebhook[], url: string): JudgedWebhook {
  const ours = webhooks.filter((each) => sameAddress(each.url, url))
  // The one that works, if there are several.
  const webhook = ours.find((each) => each.enabled) ?? ours[0]
  if (!webhook) return { registered: false, problems: [], webhook }
  const { everything, specificEvents } = webhook.authorizedEvents
  const missing = everything ? [] : EVENTS.filter((event) => !specificEvents?.includes(event))
  const problems = [
    ...(webhook.enabled ? [] : ['It is switched off.']),
    ...(webhook.automaticRedelivery ? [] : ['BTCPay does not repeat a failed delivery.']),
    ...(missing.length > 0 ? [`BTCPay does not send ${missing.join(', ')}.`] : []),
    ...(ours.length > 1 ? [`BTCPay has it ${ours.length} times: delete all but one there.`] : []),
  ]
  return { registered: true, problems, webhook }
}

/** The webhook as it should be; what BTCPay's user has added to its events stays. */
export function rightWebhook(url: string, now?: StoreWebhook): Omit<StoreWebhook, 'id'> {
  const events = new Set([...EVENTS, ...(now?.authorizedEvents.specificEvents ?? [])])
  return {
    url,
    enabled: true,
    automaticRedelivery: true,
    authorizedEvents: now?.authorizedEvents.everything
      ? now.authorizedEvents
      : { everything: false, specificEvents: [...events] },
  }
}

function sameAddress(a: string, b: string): boolean {
  return URL.canParse(a) && URL.canParse(b) && new URL(a).href === new URL(b).href
}
