import Link from 'next/link'

/** The mark and the name; leads home. */
export function Logo({ href }: { href: string }) {
  return (
    <Link href={href} className="flex items-center gap-2.5 rounded-md">
      <svg viewBox="0 0 32 32" className="size-8 shrink-0" aria-hidden="true">
        <rect width="32" height="32" rx="7" fill="var(--color-pine)" />
        <g
          fill="none"
          stroke="var(--color-paper)"
          strokeWidth="2.2"
          strokeLinecap="round"
          strokeLinejoin="round"
        >
          <path d="M12.500 6.500h7M14 6.500v6.600L7.800 23a1.800 1.800 0 0 0 1.600 2.600h13.200a1.800 1.800 0 0 0 1.600-2.600L18 13.100V6.500" />
          <path d="M11 20h4.500l2-3 2 5 1.500-2" stroke="#f0a868" />
        </g>
      </svg>
      <span className="font-serif text-xl font-medium tracking-tight whitespace-nowrap">
        Research Relay
      </span>
    </Link>
  )
}
