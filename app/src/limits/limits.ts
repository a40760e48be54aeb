/** How many requests of one kind a client may make in a time. */
export interface Limit {
  requests: number
  /** Length of the time, in seconds. */
  seconds: number
}

const MINUTE = 60
const HOUR = 3_600

/**
 * Every limit of the API, each counted for one client: an IPv4 address, or the /64 of an IPv6 one.
 * An office or a mobile network may share an address, so a limit is several shoppers wide.
 */
export const LIMITS = {
  /** Passwords and second factors, right or wrong, for any account; see also ../admin-access. */
  signIn: { requests: 30, seconds: 15 * MINUTE },
  /** Each sends a mail; the account's own limit is below. */
  passwordReset: { requests: 10, seconds: HOUR },
  passwordUpdate: { requests: 10, seconds: HOUR },
  /** New logins, accepted invitations, customers. */
  registration: { requests: 10, seconds: HOUR },
  cartCreation: { requests: 60, seconds: 10 * MINUTE },
  /** Lines, addresses, delivery. */
  cartChange: { requests: 180, seconds: MINUTE },
  /** Each press of "Pay": it may make an invoice at BTCPay. */
  checkout: { requests: 60, seconds: 10 * MINUTE },
  /** A page that follows a payment asks every few seconds, and each asks BTCPay. */
  paymentStatus: { requests: 240, seconds: MINUTE },
  /** Searches, which no cache answers. */
  search: { requests: 60, seconds: MINUTE },
  catalogue: { requests: 300, seconds: MINUTE },
  /** Everything else of the store API. */
  store: { requests: 600, seconds: MINUTE },
  /** Sessions of admins, each kept for two hours. */
  session: { requests: 30, seconds: 15 * MINUTE },
  /** Everything that the admin asks; one of its pages asks some twenty times. */
  admin: { requests: 1_200, seconds: MINUTE },
  /** Deliveries without a good signature; one with it is never counted, see doors.ts. */
  forgedWebhook: { requests: 60, seconds: MINUTE },
} as const satisfies Record<string, Limit>

/** Name of a limit. */
export type LimitName = keyof typeof LIMITS

/** Mails that one account may be sent for resets, whoever asks: 5 an hour. */
export const RESET_MAILS: Limit = { requests: 5, seconds: HOUR }
