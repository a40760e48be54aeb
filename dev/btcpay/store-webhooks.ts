import { randomBytes } from 'node:crypto'

/** A webhook of the store, and the secret that BTCPay tells nobody again. */
export interface StoreWebhook {
  id: string
  url: string
  secret: string
  enabled: boolean
  automaticRedelivery: boolean
  authorizedEvents: { everything: boolean; specificEvents: string[] }
}

type Body = Record<string, unknown>

/** The webhook that BTCPay's user has registered by hand: all events. */
export function firstWebhook(url: string, secret: string): StoreWebhook {
  return {
    id: 'stand-in',
    url,
    secret,
    enabled: true,
    automaticRedelivery: true,
    authorizedEvents: { everything: true, specificEvents: [] },
  }
}

/** As `WebhookDataBase` is read: what is left out is true, and an empty secret keeps the one before. */
function read(body: Body, id: string, before: string): StoreWebhook {
  const events = (body.authorizedEvents ?? {}) as Body
  return {
    id,
    url: String(body.url ?? ''),
    secret: String(body.secret || before),
    enabled: body.enabled !== false,
    automaticRedelivery: body.automaticRedelivery !== false,
    authorizedEvents: {
      everything: events.everything !== false,
      specificEvents: Array.isArray(events.specificEvents) ? events.specificEvents.map(String) : [],
    },
  }
}

/** `WebhookData`: without the secret. */
export function shown({ secret: _secret, ...webhook }: StoreWebhook): object {
  return webhook
}

/**
 * /api/v1/stores/{storeId}/webhooks and /{webhookId}: GET, POST, PUT, DELETE.
 * @returns the answer; undefined when there is no such webhook
 */
export function answerAboutWebhooks(
  webhooks: StoreWebhook[],
  method: string,
  id: string | undefined,
  body: Body,
): unknown {
  if (!id && method === 'GET') return webhooks.map(shown)
  if (!id && method === 'POST') {
    const made = read(body, randomBytes(11).toString('hex'), randomBytes(20).toString('hex'))
    webhooks.push(made)
    return { ...shown(made), secret: made.secret }
  }
  const at = webhooks.findIndex((each) => each.id === id)
  const found = webhooks[at]
  if (!found) return undefined
  if (method === 'GET') return shown(found)
  if (method === 'DELETE') {
    webhooks.splice(at, 1)
    return {}
  }
  if (method !== 'PUT') return undefined
  const changed = read(body, found.id, found.secret)
  webhooks[at] = changed
  return shown(changed)
}

/** Where an event goes to: the stand-in delivers to one webhook, the first that wants it. */
export function receiverOf(webhooks: StoreWebhook[], type: string): StoreWebhook | undefined {
  return webhooks.find(
    ({ enabled, authorizedEvents: { everything, specificEvents } }) =>
      enabled && (everything || specificEvents.includes(type)),
  )
}
