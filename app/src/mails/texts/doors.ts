import type { Content, Language } from '../content'
import type { DoorFacts } from '../facts'

/** A mail whose whole point is one link. */
type Door = 'passwordReset' | 'invitation'

const WORDS: Record<
  Language,
  Record<Door, { subject: string; heading: string; first: string; second: string; button: string }>
> = {
  en: {
    passwordReset: {
      subject: 'Choose a new password',
      heading: 'Choose a new password',
      first:
        'Somebody, probably you, asked for a new password for the administration of Research Relay. The link works once, and for 15 minutes.',
      second: 'If it was not you, do nothing: your password stays as it is.',
      button: 'Choose a new password',
    },
    invitation: {
      subject: 'You are invited to run Research Relay with us',
      heading: 'You are invited',
      first:
        'You are invited to the administration of the shop Research Relay. Open the link and choose a password; it works once, and for one day.',
      second: 'If you did not expect this, do nothing: without the link nobody gets in.',
      button: 'Accept the invitation',
    },
  },
  de: {
    passwordReset: {
      subject: 'Wähle ein neues Passwort',
      heading: 'Wähle ein neues Passwort',
      first:
        'Jemand, vermutlich du, hat ein neues Passwort für die Verwaltung von Research Relay angefordert. Der Link gilt einmal und 15 Minuten lang.',
      second: 'Warst du es nicht, musst du nichts tun: dein Passwort bleibt, wie es ist.',
      button: 'Neues Passwort wählen',
    },
    invitation: {
      subject: 'Du bist eingeladen, Research Relay mit zu führen',
      heading: 'Du bist eingeladen',
      first:
        'Du bist in die Verwaltung des Shops Research Relay eingeladen. Öffne den Link und wähle ein Passwort; er gilt einmal und einen Tag lang.',
      second:
        'Hast du das nicht erwartet, musst du nichts tun: ohne den Link kommt niemand hinein.',
      button: 'Einladung annehmen',
    },
  },
}

const FOOTER = {
  en: 'Whoever has the link can use it: do not pass this mail on.',
  de: 'Wer den Link hat, kann ihn benutzen: gib diese Mail nicht weiter.',
}

/** To somebody of the administration: one link, with how long it holds. */
export function doorMail(door: Door): (facts: DoorFacts, language: Language) => Content {
  return ({ link }, language) => {
    const words = WORDS[language][door]
    return {
      language,
      subject: words.subject,
      preview: words.first,
      blocks: [
        { kind: 'heading', text: words.heading },
        { kind: 'paragraph', text: words.first },
        { kind: 'button', text: words.button, url: link },
        { kind: 'paragraph', text: words.second },
      ],
      footer: FOOTER[language],
    }
  }
}
