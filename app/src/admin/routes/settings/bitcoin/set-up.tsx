import { Text } from '@medusajs/ui'
import type { BitcoinSettings } from '../../../../api/admin/bitcoin-settings/settings'

/** The way from nothing to a shop that can be paid; also to another key. */
export function SetUp({ settings }: { settings: BitcoinSettings }) {
  const { missing_variables, authorize_link, permissions } = settings
  const isSetUp = missing_variables.length === 0
  return (
    <section className="px-6 py-4">
      <details open={!isSetUp}>
        <summary className="txt-small-plus cursor-pointer">
          {isSetUp ? 'Another key' : 'Set up BTCPay'}
        </summary>
        <div className="mt-3 flex flex-col gap-y-3">
          {!isSetUp && (
            <Text size="small" className="text-ui-fg-error">
              Nobody can pay yet: {missing_variables.join(', ')} not set.
            </Text>
          )}
          <ol className="txt-small list-decimal space-y-2 pl-5">
            <li>
              {authorize_link ? (
                <>
                  <a
                    href={authorize_link}
                    target="_blank"
                    rel="noreferrer"
                    className="text-ui-fg-interactive"
                  >
                    Make the key in BTCPay
                  </a>
                  , signed in there as the shop’s own user: the permissions are filled in; choose
                  the shop’s store, and copy the key that BTCPay shows.
                </>
              ) : (
                <>
                  On the server, name BTCPay’s address: <code>rr-env set BTCPAY_URL</code>
                </>
              )}
            </li>
            <li>
              On the server, give the key to the shop: <code>rr-env set BTCPAY_API_KEY</code>. It
              asks for the value, so that it stands in no history.
            </li>
            <li>
              The store’s id is under Settings, General there:{' '}
              <code>rr-env set BTCPAY_STORE_ID</code>
            </li>
            <li>
              Take both into use by <code>rr-env apply</code>, come back here, register the webhook,
              and send a test delivery.
            </li>
          </ol>
          <details>
            <summary className="txt-small cursor-pointer">The permissions</summary>
            <ul className="txt-small mt-2 list-disc break-all pl-5">
              {permissions.map(({ name, meaning }) => (
                <li key={name}>
                  <code>{name}</code> – {meaning}
                </li>
              ))}
            </ul>
          </details>
        </div>
      </details>
    </section>
  )
}
