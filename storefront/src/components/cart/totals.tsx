import type { Cart } from '@/commerce/cart'
import { formatMoney, isZero, type Money } from '@/commerce/money'
import type { RegionSlug } from '@/commerce/region-slugs'

/** What is paid, and of what it is made; every amount is the backend's. */
export function Totals({ cart, region }: { cart: Cart; region: RegionSlug }) {
  // European prices hold their VAT already: it is told, not added.
  const included = region === 'eu'
  return (
    <dl className="space-y-2">
      <Row name="Items" amount={included ? cart.itemTotal : cart.itemSubtotal} />
      {!isZero(cart.discountTotal) && <Row name="Discount" amount={cart.discountTotal} minus />}
      {cart.delivery ? (
        <Row
          name={`Delivery, ${cart.delivery.name}`}
          amount={included ? cart.deliveryTotal : cart.deliverySubtotal}
        />
      ) : (
        <div className="flex justify-between text-muted">
          <dt>Delivery</dt>
          <dd>comes with the address</dd>
        </div>
      )}
      {!included && <Row name="Sales tax" amount={cart.taxTotal} />}
      <div className="flex justify-between border-t border-line pt-3 text-lg font-semibold">
        <dt>Total</dt>
        <dd data-testid="cart-total">{formatMoney(cart.total)}</dd>
      </div>
      {included && cart.address && (
        <div className="flex justify-between text-sm text-muted">
          <dt>of which VAT</dt>
          <dd>{formatMoney(cart.taxTotal)}</dd>
        </div>
      )}
    </dl>
  )
}

function Row({ name, amount, minus = false }: { name: string; amount: Money; minus?: boolean }) {
  return (
    <div className="flex justify-between">
      <dt>{name}</dt>
      <dd>
        {minus && '−'}
        {formatMoney(amount)}
      </dd>
    </div>
  )
}
