import Link from 'next/link'
import type { ReactNode } from 'react'

interface Props {
  number: number
  title: string
  /** done: shows its summary and a way back; later: only its name. */
  state: 'open' | 'done' | 'later'
  summary?: ReactNode
  editHref: string
  children: ReactNode
}

/** One step of the checkout. */
export function CheckoutSection({ number, title, state, summary, editHref, children }: Props) {
  return (
    <section
      className="border-t border-line py-7"
      aria-current={state === 'open' ? 'step' : undefined}
    >
      <div className="flex items-baseline justify-between gap-4">
        <h2 className={`text-2xl ${state === 'later' ? 'text-muted' : ''}`}>
          <span className="mr-3 text-muted">{number}</span>
          {title}
        </h2>
        {state === 'done' && (
          <Link href={editHref} className="underline underline-offset-4 hover:text-ember">
            Change
          </Link>
        )}
      </div>
      {state === 'done' && <div className="mt-2 text-muted">{summary}</div>}
      {state === 'open' && <div className="mt-5">{children}</div>}
    </section>
  )
}
