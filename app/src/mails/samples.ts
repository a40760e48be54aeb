import type { DoorFacts, OrderFacts, PaymentFacts, ReviewFacts } from './facts'
import type { Mails } from './render'

/** Facts that look like a day at the shop: the gallery and the tests render them. */
const order: OrderFacts = {
  number: 1042,
  currency: 'EUR',
  lines: [
    { title: 'Erlenmeyer flask', variant: '250 ml', quantity: 4, amount: '31.60' },
    {
      title: 'Nitrile gloves, powder-free',
      variant: 'M / 100 pieces',
      quantity: 2,
      amount: '23.80',
    },
    { title: 'Field notebook, waterproof', variant: '', quantity: 1, amount: '14.90' },
  ],
  shippingName: 'DHL Paket',
  shippingAmount: '4.90',
  discountAmount: '0',
  taxAmount: '12.01',
  total: '75.20',
  address: ['Dr. Marie Köhler', 'Institut für Limnologie', 'Seestraße 12', '78464 Konstanz', 'DE'],
  link: 'https://research-relay.com/order/page_sample',
}

const payment: PaymentFacts = {
  currency: 'EUR',
  amount: '75.20',
  paid: '75.20',
  due: '0',
  surplus: '0',
  orderNumber: 1042,
  checkoutLink: 'https://btcpay.research-relay.com/i/SAMPLE',
  payUntil: '2026-11-25T09:45:00.000Z',
  link: 'https://research-relay.com/order/page_sample',
}

const review: ReviewFacts = {
  reason: 'late',
  currency: 'EUR',
  amount: '75.20',
  paid: '75.20',
  reference: '0f6b2c91d4ae',
  link: 'https://research-relay.com/order/page_sample',
}

const door = (path: string): DoorFacts => ({
  link: `https://api.research-relay.com/app/${path}?token=eyJhbGciOiJIUzI1NiJ9.SAMPLE.c2lnbmF0dXJl`,
})

/** One set of facts for every mail. */
export const samples: Mails = {
  'order-placed': order,
  'payment-seen': { ...payment, orderNumber: undefined, paid: '75.20' },
  'payment-paid': payment,
  'payment-underpaid': { ...payment, orderNumber: undefined, paid: '70.00', due: '5.20' },
  'payment-overpaid': { ...payment, paid: '80.00', surplus: '4.80' },
  'payment-review': review,
  'refund-ready': {
    orderNumber: 1042,
    refund: { amount: '14.90', currency: 'EUR' },
    claimLink: 'https://btcpay.research-relay.com/pull-payments/SAMPLE',
  },
  shipped: {
    orderNumber: 1042,
    lines: order.lines.map(({ title, quantity }) => ({ title, quantity })),
    tracking: [
      {
        number: '00340434161094042557',
        link: 'https://www.dhl.de/de/privatkunden/dhl-sendungsverfolgung.html?piececode=00340434161094042557',
      },
    ],
    address: order.address,
    link: order.link,
  },
  'order-link': { orderNumber: 1042, link: 'https://research-relay.com/order/page_sample' },
  'password-reset': door('reset-password'),
  invitation: door('invite'),
  'owner-order': {
    order: { ...order, discountAmount: '5.00' },
    email: 'marie.koehler@example.org',
    link: 'https://api.research-relay.com/app/orders/order_01SAMPLE',
  },
  'owner-review': {
    ...review,
    email: 'marie.koehler@example.org',
    invoiceLink: 'https://btcpay.research-relay.com/invoices/SAMPLE',
  },
}
