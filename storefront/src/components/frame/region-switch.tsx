'use client'

import { usePathname } from 'next/navigation'
import { REGIONS, type RegionSlug } from '@/commerce/region-slugs'

/** The same page in the other region. Plain links: crossing regions changes every price. */
export function RegionSwitch({ region }: { region: RegionSlug }) {
  const rest = usePathname().split('/').slice(2).join('/')
  return (
    <nav aria-label="Region" className="flex rounded-lg border border-line text-sm">
      {Object.entries(REGIONS).map(([slug, { name, sign }]) => (
        <a
          key={slug}
          href={`/${slug}${rest ? `/${rest}` : ''}`}
          aria-current={slug === region}
          aria-label={`Shop for ${name}`}
          className="flex min-h-11 min-w-10 items-center justify-center rounded-lg px-2 text-muted uppercase hover:text-ink aria-[current=true]:bg-mint aria-[current=true]:font-semibold aria-[current=true]:text-ink"
        >
          {slug} {sign}
        </a>
      ))}
    </nav>
  )
}
