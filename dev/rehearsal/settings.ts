import { join } from 'node:path'
import { ROOT } from '../shop/settings.ts'

/** Everything of the rehearsal lies here; git ignores it. */
export const DATA = process.env.RR_REHEARSAL ?? join(ROOT, '.data/rehearsal')

/** The form that `npm test` plays. */
export const SHORT = process.argv.includes('--short')

/**
 * How long a release may take to migrate, and to be ready: 40 and 30 s have been seen on two busy cores. The
 * short form also runs on machines a fifth as fast as the host; there it ends only what hangs.
 */
export const PATIENCE_SECONDS = SHORT ? 300 : 90

/** Where the real Alpine cannot be pulled, an image of dev/images/stand-in-base stands for it. */
export const STAND_IN = 'rr-bizops/stand-in-node:22'

/** A registry on this machine; Docker speaks to 127.0.0.0/8 without TLS. */
export const REGISTRY = '127.0.0.1:5000'

/** The key that the storefront's image carries and the first deploy puts into the database. */
export const PUBLISHABLE_KEY = `pk_${'5e'.repeat(32)}`

/** Certificates that stand for those of public authorities. */
export const CA = join(DATA, 'ca.crt')

/** BTCPay is another machine; here it is another port. */
export const BTCPAY_PORT = 8443

/** The images that prepare.ts builds, before they get a commit each. */
export const BUILT = {
  medusa: 'rr-rehearsal/medusa:built',
  storefront: 'rr-rehearsal/storefront:built',
}
