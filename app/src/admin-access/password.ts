import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common'

/** Shortest password of an account, in characters. */
export const PASSWORD_MIN_LENGTH = 12

/** Beyond this nothing is gained, and looking at it takes time. */
export const PASSWORD_MAX_LENGTH = 256

/** zxcvbn's best mark: more than 10^10 guesses. */
const LEAST_SCORE = 4

/** What anybody tries first at this shop. */
const SHOP_WORDS = ['research', 'relay', 'research-relay', 'researchrelay', 'medusa', 'bitcoin']

let strength: ZxcvbnFactory | undefined

/**
 * Why a password may not be set: a sentence for who chose it; undefined when it is good.
 * @param email of the account, parts of which make a password weak
 */
export function passwordProblem(password: string, email = ''): string | undefined {
  if (password.length < PASSWORD_MIN_LENGTH) {
    return `Please choose a longer password: at least ${PASSWORD_MIN_LENGTH} characters.`
  }
  if (password.length > PASSWORD_MAX_LENGTH) {
    return `Please choose a shorter password: at most ${PASSWORD_MAX_LENGTH} characters.`
  }
  strength ??= new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs })
  const known = [...SHOP_WORDS, email, ...email.split(/[@.\-_+]/)].filter((word) => word.length > 2)
  if (strength.check(password, known).score >= LEAST_SCORE) return undefined
  return 'This password is easy to guess. Please let a password manager make one, or take four words that have nothing to do with each other.'
}
