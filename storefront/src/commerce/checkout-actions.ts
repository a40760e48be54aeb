'use server'

import { RedirectType, redirect } from 'next/navigation'
import { type AddressProblems, readAddress } from './address'
import { currentCart } from './cart'
import { saveAddress, saveDelivery } from './checkout'
import { writeOrderPage } from './order-page-cookie'
import { type Begun, beginPayment, beginPaymentOfPage } from './payment'
import { type RegionSlug, regionSlug } from './region-slugs'

/** The region that a form was shown for; a form cannot be sent without one. */
function regionFrom(form: FormData): RegionSlug {
  return regionSlug(String(form.get('region'))) ?? 'eu'
}

/** Step 1: address. Leads to delivery, or gives back what was wrong. */
export async function submitAddress(
  _before: AddressProblems | null,
  form: FormData,
): Promise<AddressProblems | null> {
  const region = regionFrom(form)
  const read = readAddress(form)
  if (!read.ok) return read.value
  const cart = await currentCart(region)
  if (!cart) redirect(`/${region}/cart`)
  const saved = await saveAddress(cart.id, read.value)
  if (!saved.ok) return { entered: { ...read.value }, problems: {}, message: saved.failure.message }
  redirect(`/${region}/checkout?step=delivery`)
}

/** Step 2: delivery. Leads to payment, or gives a sentence. */
export async function submitDelivery(
  _before: string | null,
  form: FormData,
): Promise<string | null> {
  const region = regionFrom(form)
  const option = form.get('option')
  if (typeof option !== 'string') return 'Please choose how it shall reach you.'
  const cart = await currentCart(region)
  if (!cart) redirect(`/${region}/cart`)
  const saved = await saveDelivery(cart.id, option)
  if (!saved.ok) return saved.failure.message
  redirect(`/${region}/checkout?step=payment`)
}

/**
 * Step 3: makes the Bitcoin invoice, and leads to the page on which it is paid and followed; so does a payment
 * under way, and the order of a cart that costs nothing.
 */
export async function submitPayment(
  _before: string | null,
  form: FormData,
): Promise<string | null> {
  const region = regionFrom(form)
  const cart = await currentCart(region)
  if (!cart) redirect(`/${region}/cart`)
  const begun = await beginPayment(cart.id)
  if (!begun.ok) return begun.failure.message
  redirect(`/order/${await tokenOf(begun.value)}`)
}

/** A fresh invoice on an order's page whose first has ended; without such a page, back to the cart. */
export async function submitPaymentAgain(
  _before: string | null,
  form: FormData,
): Promise<string | null> {
  const begun = await beginPaymentOfPage(String(form.get('token')))
  if (!begun.ok && begun.failure.kind === 'not-found') redirect(`/${regionFrom(form)}/cart`)
  if (!begun.ok) return begun.failure.message
  redirect(`/order/${await tokenOf(begun.value)}`, RedirectType.replace)
}

/** The secret of a payment's page; this browser finds it again when it comes back from BTCPay. */
async function tokenOf(begun: Begun): Promise<string> {
  if ('order' in begun) return begun.order.token
  const { reference, token } = begun.payment
  await writeOrderPage(reference, token)
  return token
}
