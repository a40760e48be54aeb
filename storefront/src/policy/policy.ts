import { inDevelopment, required } from '@/environment'

/** Name of the header, as Node's headers have it. */
export const POLICY = 'content-security-policy'

/** Of everything that is no page: nothing in it may run, load or be framed. */
export const DATA_POLICY =
  "default-src 'none'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"

/** What a policy depends on beside the page. */
interface Place {
  development: boolean
  /** Address of BTCPay Server. */
  payments: string
}

function here(): Place {
  return { development: inDevelopment(), payments: required('BTCPAY_URL') }
}

/**
 * Content-Security-Policy (Level 3) of a page.
 * @param inline sources for inline scripts: `'nonce-…'` or `'sha256-…'`; without any, none runs
 */
export function pagePolicy(inline: readonly string[], place: Place = here()): string {
  const { development, payments } = place
  // Hot reload and React's stacks are inline scripts, eval, a socket and style elements.
  const script = development ? ["'unsafe-inline'", "'unsafe-eval'"] : inline
  return [
    "default-src 'none'",
    ["script-src 'self'", ...script].join(' '),
    `style-src 'self'${development ? " 'unsafe-inline'" : ''}`,
    // Attributes only: next/image places pictures by them. A style element stays forbidden.
    "style-src-attr 'unsafe-inline'",
    "img-src 'self'",
    "font-src 'self'",
    // BTCPay's page of an invoice, in a frame; none of its scripts runs in a page of ours.
    `frame-src ${new URL(payments).origin}`,
    `connect-src 'self'${development ? ' ws:' : ''}`,
    // A form that begins a payment may be answered by a redirect to the invoice.
    `form-action 'self' ${new URL(payments).origin}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ')
}
