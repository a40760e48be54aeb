/** Languages that mail is written in. */
export type Language = 'de' | 'en'

/** A line of a table: what, how often, and its sum as it is shown. */
export interface Line {
  title: string
  /** Such as the variant. */
  detail?: string
  quantity: number
  amount: string
}

/** One part of a mail; all strings are plain text, the layouts escape them. */
export type Block =
  | { kind: 'heading'; text: string }
  | { kind: 'paragraph'; text: string }
  | { kind: 'facts'; facts: { name: string; value: string }[] }
  | {
      kind: 'items'
      columns: { item: string; quantity: string; amount: string }
      lines: Line[]
      /** Lines that are not shown, in words. */
      more?: string
      sums: { name: string; amount: string; strong?: boolean }[]
    }
  | { kind: 'address'; name: string; lines: string[] }
  | { kind: 'button'; text: string; url: string }

/** A mail before it is laid out. */
export interface Content {
  language: Language
  subject: string
  /** What an inbox shows beside the subject. */
  preview: string
  blocks: Block[]
  /** Why the reader gets this mail. */
  footer: string
}

/** A mail as it is sent. */
export interface RenderedMail {
  subject: string
  html: string
  text: string
}
