import Link from 'next/link'

/** Leads through the pages of a list; nothing when there is one. */
export function Pages({ base, page, pages }: { base: string; page: number; pages: number }) {
  if (pages === 1) return null
  const address = (number: number) => (number === 1 ? base : `${base}/${number}`)
  return (
    <nav aria-label="Pages" className="mt-12 flex items-center gap-4">
      {page > 1 && (
        <Link href={address(page - 1)} rel="prev" className="button-quiet">
          Previous
        </Link>
      )}
      <span className="text-muted">
        Page {page} of {pages}
      </span>
      {page < pages && (
        <Link href={address(page + 1)} rel="next" className="button-quiet">
          Next
        </Link>
      )}
    </nav>
  )
}
