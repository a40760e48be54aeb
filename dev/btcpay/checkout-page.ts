import { renderSVG } from 'uqr'
import { fromCents, toBitcoin, toCents } from './amount.ts'
import { destinationOf } from './destinations.ts'
import { due, type Invoice, paid } from './invoice.ts'

/** Text for HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}

const HEADLINE: Record<Invoice['status'], string> = {
  New: 'Pay with Bitcoin',
  Processing: 'Payment seen, waiting for the chain',
  Settled: 'Paid',
  Expired: 'This invoice has expired',
  Invalid: 'This invoice is invalid',
}

const STYLE = `
:root{color-scheme:light}*{box-sizing:border-box}
body{margin:0;font:16px/1.5 system-ui,sans-serif;background:#eef2ef;color:#16302b;display:grid;place-items:center;min-height:100vh;padding:16px}
main{background:#fff;border-radius:16px;max-width:420px;width:100%;padding:28px;box-shadow:0 10px 40px #16302b1f}
.note{background:#fff4d6;border-radius:8px;padding:8px 12px;font-size:14px;margin:0 0 20px}
h1{font-size:22px;margin:0 0 4px}.amount{font-size:34px;font-weight:650;font-variant-numeric:tabular-nums;margin:8px 0 0}
.sub{color:#5b716b;margin:0 0 16px;font-variant-numeric:tabular-nums}.qr{display:block;width:200px;margin:0 auto 20px}
button,.return{display:block;width:100%;padding:13px;border-radius:10px;border:1px solid #16302b33;background:#fff;font:inherit;font-weight:600;color:inherit;text-align:center;text-decoration:none;cursor:pointer;margin:0 0 10px}
button.first,.return{background:#0d6b50;color:#fff;border-color:#0d6b50}button:focus-visible,.return:focus-visible{outline:3px solid #e8a33d;outline-offset:2px}
form{margin:0}.row{display:grid;grid-template-columns:1fr 1fr;gap:10px}.Settled h1{color:#0d6b50}.Expired h1,.Invalid h1{color:#9c2f2f}`

function button(
  id: string,
  invoiceId: string,
  action: string,
  label: string,
  first = false,
): string {
  return `<form method="post" action="/i/${invoiceId}/${action}"><button data-testid="${id}"${first ? ' class="first"' : ''}>${label}</button></form>`
}

/** The page on which a person pays, pays a part, or lets the invoice expire. */
export function checkoutPage(invoice: Invoice): string {
  const { id, status, currency } = invoice
  const rest = fromCents(due(invoice))
  const open = status === 'New'
  const unconfirmed = invoice.payments.some((payment) => !payment.settled)
  const { paymentLink } = destinationOf(invoice, 'BTC-CHAIN')
  const buttons = [
    open && button('pay-full', id, 'pay-full', `Pay ${rest} ${currency} in full`, true),
    open && '<div class="row">',
    open && button('pay-part', id, 'pay-part', 'Pay half'),
    open && button('pay-onchain', id, 'pay-onchain', 'Pay on chain'),
    open && '</div>',
    unconfirmed && button('confirm', id, 'confirm', 'Mine a block', true),
    open && button('expire', id, 'expire', 'Let it expire'),
    invoice.redirectURL &&
      `<a class="return" data-testid="return" href="${escapeHtml(invoice.redirectURL)}">Return to the shop</a>`,
  ]
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,"><title>Invoice ${id}</title><style>${STYLE}</style>
<main class="${status}" data-status="${status}">
<p class="note">A stand-in for BTCPay Server: nobody pays real money here.</p>
<h1>${HEADLINE[status]}</h1>
<p class="amount">${open ? rest : invoice.amount} ${currency}</p>
<p class="sub">${toBitcoin(open ? due(invoice) : toCents(invoice.amount))} BTC · received ${fromCents(paid(invoice))} ${currency}${
    open ? ` · <span data-expires="${invoice.expirationTime}"></span>` : ''
  }</p>
${open ? `<div class="qr" role="img" aria-label="Payment code">${renderSVG(paymentLink)}</div>` : ''}
${buttons.filter(Boolean).join('\n')}
</main>
<script>
// As BTCPay does in a frame, to whoever framed it.
if(parent!==window)for(const said of ['loaded',${JSON.stringify({ invoiceId: id, status })}])parent.postMessage(said,'*')
const left=document.querySelector('[data-expires]')
const tick=()=>{const s=Math.max(0,left.dataset.expires-Date.now()/1000|0);left.textContent=(s/60|0)+':'+String(s%60).padStart(2,'0')+' left'}
if(left){tick();setInterval(tick,1000)}
${
  status === 'Settled' && invoice.redirectAutomatically && invoice.redirectURL
    ? `setTimeout(()=>location.assign(${JSON.stringify(invoice.redirectURL).replace(/</g, '\\u003c')}),5000)`
    : `setInterval(async()=>{const r=await fetch('/i/${id}/status').catch(()=>null);if(r&&r.ok&&(await r.json()).status!=='${status}')location.reload()},2000)`
}
</script></html>`
}
