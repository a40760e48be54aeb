import type { ReactNode } from 'react'

/** A page of few words: nothing here, or something went wrong. */
export function Notice({
  title,
  text,
  children,
}: {
  title: string
  text: string
  children: ReactNode
}) {
  return (
    <main className="page flex grow flex-col items-start justify-center py-24">
      <h1 className="text-4xl md:text-5xl">{title}</h1>
      <p className="mt-4 max-w-prose text-lg text-muted">{text}</p>
      <div className="mt-8 flex flex-wrap gap-3">{children}</div>
    </main>
  )
}
