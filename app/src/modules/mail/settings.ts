import { type Environment, schema } from '../../environment'
import { isAddress } from './address'

/** Mail as the environment has it: where it goes through and who sends it, or why none is sent. */
export type MailSettings =
  | { on: true; smtpUrl: string; from: string; owner?: string }
  | { on: false; why: string; mistake: boolean }

/** What development fills in is nobody's address: production must not send by it. */
function given(environment: Environment, name: 'MAIL_FROM' | 'OWNER_EMAIL'): string | undefined {
  const value = environment[name]
  const standIn = schema.find((variable) => variable.name === name)?.development
  return environment.production && value === standIn ? undefined : value
}

/** The address of `Name <address>`, or the whole when it has no name. */
export function bareAddress(sender: string): string {
  return (/<([^<>]*)>\s*$/.exec(sender)?.[1] ?? sender).trim()
}

/** Reads SMTP_URL, MAIL_FROM and OWNER_EMAIL; never throws, since a shop without mail still sells. */
export function mailSettings(environment: Environment): MailSettings {
  const smtpUrl = environment.SMTP_URL
  const off = (why: string, mistake: boolean): MailSettings => ({ on: false, why, mistake })
  if (!smtpUrl) return off('SMTP_URL is not set', false)
  if (!/^smtps?:$/.test(new URL(smtpUrl).protocol)) {
    return off('SMTP_URL must begin with smtp: or smtps:', true)
  }
  const from = given(environment, 'MAIL_FROM')
  if (!from) return off('SMTP_URL is set, but MAIL_FROM is not', true)
  if (!isAddress(bareAddress(from))) return off('MAIL_FROM is not an address', true)
  const owner = given(environment, 'OWNER_EMAIL')
  return { on: true, smtpUrl, from, ...(owner && isAddress(owner) ? { owner } : {}) }
}
