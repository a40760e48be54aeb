import Link from 'next/link'
import type { Shelf } from '@/commerce/catalogue'
import { REGIONS, type RegionSlug } from '@/commerce/region-slugs'

export function Footer({ region, categories }: { region: RegionSlug; categories: Shelf[] }) {
  return (
    <footer className="mt-24 bg-pine-dark text-paper">
      <div className="page grid gap-10 py-14 md:grid-cols-[2fr_1fr_1fr]">
        <div className="max-w-sm">
          <p className="font-serif text-2xl">Research Relay</p>
          <p className="mt-3 text-paper/80">
            Supplies for teaching and research, chosen so that you can think about the experiment.
          </p>
        </div>
        <nav aria-label="All categories">
          <ul className="space-y-2">
            {categories.map(({ handle, name }) => (
              <li key={handle}>
                <Link href={`/${region}/categories/${handle}`} className="hover:underline">
                  {name}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <div className="space-y-2 text-paper/80">
          <p>{REGIONS[region].tax}</p>
          <p>Payment with Bitcoin: on chain or Lightning.</p>
        </div>
      </div>
    </footer>
  )
}
