import type { MedusaNextFunction, MedusaRequest, MedusaResponse } from '@medusajs/framework/http'
import { environment } from '../environment'
import { passwordDoor, segmentsOf } from '../limits/doors'
import { clientOfRequest } from '../limits/middleware'
import { refuse } from '../limits/refusal'
import { redisAddresses } from '../redis-addresses'
import { SignInAttempts } from './attempts'
import { exceptedPassword } from './excepted'
import { INVITATION_NEEDED, mayRegister } from './invitation'
import { passwordProblem } from './password'

/** A request for a reset is answered no sooner, so that its time does not say whether a mail goes out. */
const RESET_ANSWER_MS = 400

let attempts: SignInAttempts | undefined

function field(body: unknown, name: string): string {
  const value = (body as Record<string, unknown> | undefined)?.[name]
  return typeof value === 'string' ? value : ''
}

/** Longest e-mail address that mail knows (RFC 5321), in characters. */
const EMAIL_MAX_LENGTH = 254

/** Whether a request names no account that can exist: too long, or with a character of no text. */
function namesNoAccount(body: unknown): boolean {
  return ['email', 'identifier'].some((name) => {
    const value = field(body, name)
    return value.length > EMAIL_MAX_LENGTH || /\p{Cc}/u.test(value)
  })
}

/** Sends the answer no sooner than `ms` from now. */
function answerNoSooner(res: MedusaResponse, ms: number): void {
  const at = Date.now() + ms
  const end = res.end.bind(res) as (...args: unknown[]) => MedusaResponse
  res.end = ((...args: unknown[]) => {
    setTimeout(() => end(...args), Math.max(0, at - Date.now()))
    return res
  }) as typeof res.end
}

/**
 * Stands before Medusa's sign-in by password, for every kind of account. 429 after too many wrong ones; 400
 * for a weak new password, before a reset link is used up, and for a registration without an invitation.
 */
export async function guardPasswords(
  req: MedusaRequest,
  res: MedusaResponse,
  next: MedusaNextFunction,
): Promise<void> {
  const segments = segmentsOf(req.originalUrl)
  const [, actor] = segments
  const door = passwordDoor(segments)
  if (!door || req.method === 'OPTIONS') return next()
  if (namesNoAccount(req.body)) {
    res.status(400).json({ type: 'invalid_data', message: 'Please enter an e-mail address.' })
    return
  }
  if (door === 'passwordReset') answerNoSooner(res, RESET_ANSWER_MS)
  if (door === 'registration' || door === 'passwordUpdate') {
    const password = field(req.body, 'password')
    const excepted = password === exceptedPassword(environment())
    const message = excepted ? undefined : passwordProblem(password, field(req.body, 'email'))
    if (message) {
      res.status(400).json({ type: 'invalid_data', message })
      return
    }
  }
  // Only admins have accounts; the sign-in itself answers as for a wrong password, see the provider.
  if (door !== 'signIn' && actor !== 'user') {
    res.status(404).json({ type: 'not_found', message: 'This page could not be found.' })
    return
  }
  if (door === 'registration' && !(await mayRegister(req, field(req.body, 'email')))) {
    res.status(400).json({ type: 'invalid_data', message: INVITATION_NEEDED })
    return
  }
  if (door !== 'signIn') return next()
  const account = field(req.body, 'email').trim().toLowerCase()
  if (!account) return next()
  const { key } = clientOfRequest(req)
  attempts ??= new SignInAttempts(redisAddresses(environment())?.cache)
  const counted = attempts
  const seconds = await counted.begin(account, key)
  if (seconds > 0)
    return refuse(res, seconds, `Too many attempts. Please try again in ${seconds} s.`)
  res.once('finish', () => {
    if (res.statusCode === 200) void counted.succeeded(account, key).catch(() => undefined)
  })
  next()
}
