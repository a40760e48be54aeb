'use server'

import { redirect } from 'next/navigation'
import { type AddressProblems, readAddress } from './address'
import { currentCart } from './cart'
import { saveAddress, saveDelivery } from './checkout'
import { writeOrderPage } from './order-page-cookie'
import { beginPayment } from './payment'
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
 * Step 3: makes the Bitcoin invoice and leads to it; a payment under way is followed instead, and so is the
 * order of a cart that costs nothing.
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
  if ('order' in begun.value) redirect(`/order/${begun.value.order.token}`)
  const { underWay, token, reference, checkoutLink } = begun.value.payment
  await writeOrderPage(reference, token)
  redirect(underWay ? `/order/${token}` : checkoutLink)
}
