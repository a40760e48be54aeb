import { defineWidgetConfig } from '@medusajs/admin-sdk'
import type { AdminOrder, DetailWidgetProps } from '@medusajs/framework/types'
import { Button, Container, Heading, Text, toast, usePrompt } from '@medusajs/ui'
import { useState } from 'react'

/** Longer than the server waits for its lock. */
const TIMEOUT_MS = 30_000

interface Answer {
  page_link?: { replaced_at: string; repeated: boolean }
  message?: string
}

/** Asks the server to replace the link; gives a sentence for the admin, and whether it went well. */
async function replaceLink(orderId: string): Promise<{ done: boolean; sentence: string }> {
  try {
    const response = await fetch(`/admin/orders/${encodeURIComponent(orderId)}/page-link`, {
      method: 'POST',
      credentials: 'include',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    const { page_link, message }: Answer = await response.json()
    if (!page_link) return { done: false, sentence: message ?? 'The link was not replaced.' }
    const sentence = page_link.repeated
      ? 'It was replaced a moment ago; the new link is on its way to the shopper.'
      : 'The old link no longer works. The new one is on its way to the shopper.'
    return { done: true, sentence }
  } catch {
    return { done: false, sentence: 'The server did not answer. Please try again in a minute.' }
  }
}

/** Replaces the secret link of an order's page, as when a shopper has passed on a mail. */
function OrderPageLink({ data: order }: DetailWidgetProps<AdminOrder>) {
  const prompt = usePrompt()
  const [pending, setPending] = useState(false)

  const replace = async () => {
    const agreed = await prompt({
      title: 'Replace the link?',
      description: `The current link to the page of order #${order.display_id} will stop working. A new link will be e-mailed to ${order.email ?? 'the shopper'}.`,
      confirmText: 'Replace and send',
      cancelText: 'Cancel',
    })
    if (!agreed) return
    setPending(true)
    const { done, sentence } = await replaceLink(order.id)
    setPending(false)
    if (done) toast.success('Link replaced', { description: sentence })
    else toast.error('Link not replaced', { description: sentence })
  }

  return (
    <Container className="flex flex-col gap-y-3 px-6 py-4">
      <Heading level="h2">Order page link</Heading>
      <Text size="small" className="text-ui-fg-subtle">
        The shopper sees this order at a secret address, which is in our e-mails to them. If
        somebody else may have it, replace it: the old link stops working, and the shopper gets a
        new one by e-mail.
      </Text>
      <Button
        variant="secondary"
        size="small"
        className="self-start"
        isLoading={pending}
        onClick={replace}
      >
        Replace the link
      </Button>
    </Container>
  )
}

export const config = defineWidgetConfig({ zone: 'order.details.side.after' })

export default OrderPageLink
