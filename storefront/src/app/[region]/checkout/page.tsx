import { redirect } from 'next/navigation'
import { type Cart, currentCart } from '@/commerce/cart'
import { deliveryOptions } from '@/commerce/checkout'
import { formatMoney } from '@/commerce/money'
import { regionOf } from '@/commerce/regions'
import { Totals } from '@/components/cart/totals'
import { AddressForm } from '@/components/checkout/address-form'
import { DeliveryForm } from '@/components/checkout/delivery-form'
import { PaymentForm } from '@/components/checkout/payment-form'
import { CheckoutSection } from '@/components/checkout/section'

export const metadata = { title: 'Checkout', robots: { index: false } }

const STEPS = ['address', 'delivery', 'payment'] as const
type Step = (typeof STEPS)[number]

/** The asked step, or the first that still misses something. */
function stepOf(cart: Cart, asked: unknown): Step {
  const first: Step =
    !cart.address || !cart.email ? 'address' : !cart.delivery ? 'delivery' : 'payment'
  const wanted = STEPS.find((step) => step === asked) ?? first
  return STEPS.indexOf(wanted) <= STEPS.indexOf(first) ? wanted : first
}

export default async function CheckoutPage({
  params,
  searchParams,
}: PageProps<'/[region]/checkout'>) {
  const region = await regionOf((await params).region)
  const { slug } = region
  const cart = await currentCart(slug)
  if (!cart || cart.lines.length === 0) redirect(`/${slug}/cart`)
  const step = stepOf(cart, (await searchParams).step)
  const stateOf = (each: Step) => {
    if (each === step) return 'open'
    return STEPS.indexOf(each) < STEPS.indexOf(step) ? 'done' : 'later'
  }
  const options = step === 'delivery' ? await deliveryOptions(cart.id, cart.total.currency) : null
  if (options && !options.ok) throw new Error(options.failure.message)
  const base = `/${slug}/checkout`
  const { address } = cart
  return (
    <main className="page py-10">
      <h1 className="mb-6 text-4xl">Checkout</h1>
      <div className="grid gap-10 lg:grid-cols-[1fr_22rem]">
        <div>
          <CheckoutSection
            number={1}
            title="Address"
            state={stateOf('address')}
            editHref={`${base}?step=address`}
            summary={
              address && (
                <>
                  {cart.email}
                  <br />
                  {address.first_name} {address.last_name}, {address.address_1},{' '}
                  {address.postal_code} {address.city}
                </>
              )
            }
          >
            <AddressForm
              region={slug}
              countries={region.countries}
              known={{ email: cart.email, ...address }}
            />
          </CheckoutSection>
          <CheckoutSection
            number={2}
            title="Delivery"
            state={stateOf('delivery')}
            editHref={`${base}?step=delivery`}
            summary={cart.delivery?.name}
          >
            <DeliveryForm
              region={slug}
              options={options?.value ?? []}
              chosen={cart.delivery?.optionId}
            />
          </CheckoutSection>
          <CheckoutSection
            number={3}
            title="Payment"
            state={stateOf('payment')}
            editHref={`${base}?step=payment`}
          >
            <PaymentForm region={slug} total={cart.total} />
          </CheckoutSection>
        </div>
        <aside className="h-fit rounded-xl border border-line bg-card p-6 lg:sticky lg:top-32">
          <h2 className="mb-4 text-2xl">Your order</h2>
          <ul className="mb-4 space-y-2 border-b border-line pb-4">
            {cart.lines.map((line) => (
              <li key={line.id} className="flex justify-between gap-4">
                <span>
                  {line.quantity} × {line.title}
                  <span className="block text-sm text-muted">{line.variant}</span>
                </span>
                <span className="whitespace-nowrap">{formatMoney(line.total)}</span>
              </li>
            ))}
          </ul>
          <Totals cart={cart} region={slug} />
        </aside>
      </div>
    </main>
  )
}
