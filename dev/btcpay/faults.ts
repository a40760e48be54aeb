import { createHash } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import type { Pending } from './state.ts'

/**
 * What can go wrong with an answer. `lose`: it is done, and no answer comes; `truncate`: done, and half an answer
 * comes; `delay`: done late; `away`, `error` (500), `rate-limit` (429) and `hang`: not done.
 */
export const ANSWER_FAULTS = [
  'delay',
  'error',
  'hang',
  'truncate',
  'away',
  'rate-limit',
  'lose',
] as const
export type AnswerFault = (typeof ANSWER_FAULTS)[number]

/**
 * What can go wrong with a delivery. `reorder`: it comes before the one that was queued before it; `forge`: one
 * with a signature of somebody else's comes before it.
 */
export const DELIVERY_FAULTS = ['lose', 'delay', 'double', 'reorder', 'forge'] as const
export type DeliveryFault = (typeof DELIVERY_FAULTS)[number]

const share = z.number().min(0).max(1)
const answer = z.enum(ANSWER_FAULTS)
const delivery = z.enum(DELIVERY_FAULTS)

/** `POST /standin/faults`: takes the place of all before; `{}` behaves well. */
export const misbehaviourSchema = z.strictObject({
  /** The same faults, in the same order, for the same requests. */
  seed: z.int().default(0),
  /** Of all answers and deliveries, how many go wrong and how: shares of 1. */
  answers: z.partialRecord(answer, share).default({}),
  deliveries: z.partialRecord(delivery, share).default({}),
  /** What goes wrong with the next ones, before the shares count. */
  next: z
    .strictObject({
      answers: z.array(answer).default([]),
      deliveries: z.array(delivery).default([]),
    })
    .prefault({}),
  delay_ms: z.int().min(0).max(60_000).default(200),
})
export type Misbehaviour = z.infer<typeof misbehaviourSchema>

/** What went wrong: `to` is the kind of request or delivery. */
export interface Done {
  what: AnswerFault | DeliveryFault
  to: string
}

/** Decides what goes wrong. Each kind of request has a row of its own, so others in between change nothing. */
export class Faults {
  readonly done: Done[] = []
  #plan: Misbehaviour = misbehaviourSchema.parse({})
  readonly #counted = new Map<string, number>()

  get delayMs(): number {
    return this.#plan.delay_ms
  }

  behave(plan: Misbehaviour): void {
    this.#plan = plan
    this.#counted.clear()
    this.done.length = 0
  }

  /** @param kind such as `GET invoices/*` */
  answer(kind: string): AnswerFault | undefined {
    return this.#next(this.#plan.next.answers, this.#plan.answers, kind)
  }

  /** @param type of the event, such as InvoiceSettled */
  delivery(type: string): DeliveryFault | undefined {
    return this.#next(this.#plan.next.deliveries, this.#plan.deliveries, type)
  }

  #next<Fault extends Done['what']>(
    next: Fault[],
    shares: Partial<Record<Fault, number>>,
    to: string,
  ): Fault | undefined {
    const what = next.shift() ?? this.#drawn(shares, to)
    if (what) this.done.push({ what, to })
    return what
  }

  #drawn<Fault extends string>(
    shares: Partial<Record<Fault, number>>,
    kind: string,
  ): Fault | undefined {
    const nth = (this.#counted.get(kind) ?? 0) + 1
    this.#counted.set(kind, nth)
    const digest = createHash('sha256').update(`${this.#plan.seed} ${kind} ${nth}`).digest()
    let rest = digest.readUInt32BE() / 2 ** 32
    for (const [fault, of] of Object.entries(shares) as [Fault, number][]) {
      rest -= of
      if (rest < 0) return fault
    }
    return undefined
  }

  /** What is queued of new deliveries, behind those that wait, and what is lost of them. */
  deliver(waiting: Pending[], fresh: Pending[]): Pending[] {
    const lost: Pending[] = []
    for (const each of fresh) {
      const fault = this.delivery(each.type)
      if (fault === 'lose') lost.push(each)
      else if (fault === 'double') waiting.push(each, each)
      else if (fault === 'delay') waiting.push({ ...each, delayMs: this.delayMs })
      else if (fault === 'forge') waiting.push({ ...each, forged: true }, each)
      // The first of the queue may be on its way.
      else if (fault === 'reorder' && waiting.length > 1) waiting.splice(-1, 0, each)
      else waiting.push(each)
    }
    return lost
  }
}

/** The kind of a request: ids are left out, so that it is the same each time. */
export function kindOf(method: string, path: string): string {
  const [area = '', id, ...rest] = path.split('/')
  return [`${method} ${area}`, ...(id ? ['*'] : []), ...rest].join('/')
}

/**
 * Answers with a fault.
 * @param work does what was asked, and gives what is answered
 */
export async function answerBadly(
  fault: AnswerFault,
  res: ServerResponse,
  delayMs: number,
  work: () => unknown,
): Promise<void> {
  const send = (status: number, body: string, headers: Record<string, string> = {}) =>
    res.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)
  switch (fault) {
    case 'hang':
      // Until whoever asks gives up.
      return
    case 'away':
      res.destroy()
      return
    case 'error':
      send(500, '{"code":"unexpected","message":"As a test wants it"}')
      return
    case 'rate-limit':
      send(429, '{"code":"rate-limit","message":"Too many requests"}', { 'retry-after': '1' })
      return
    case 'delay':
      await delay(delayMs)
      send(200, JSON.stringify(work()))
      return
    case 'lose':
      work()
      res.destroy()
      return
    case 'truncate': {
      const whole = JSON.stringify(work())
      res.writeHead(200, {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(whole),
      })
      res.write(whole.slice(0, Math.floor(whole.length / 2)), () => res.destroy())
    }
  }
}
