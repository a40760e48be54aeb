import Link from 'next/link'
import type { Shelf } from '@/commerce/catalogue'
import type { RegionSlug } from '@/commerce/region-slugs'
import { CartLink } from './cart-link'
import { Logo } from './logo'
import { RegionSwitch } from './region-switch'

/** Same for every visitor of a region; only the cart's count comes after. */
export function Header({ region, categories }: { region: RegionSlug; categories: Shelf[] }) {
  return (
    <header className="sticky top-0 z-20 border-b border-line bg-paper/95 backdrop-blur-sm">
      <div className="page flex h-16 items-center gap-4">
        <Logo href={`/${region}`} />
        <search className="ml-auto hidden w-full max-w-sm md:block">
          <form action={`/${region}/search`}>
            <SearchField />
          </form>
        </search>
        <div className="ml-auto flex items-center gap-1 md:ml-2">
          <RegionSwitch region={region} />
          <CartLink region={region} />
        </div>
      </div>
      <nav aria-label="Categories" className="border-t border-line/60">
        <ul className="page flex h-11 items-center gap-6 overflow-x-auto text-[0.95rem] [scrollbar-width:none]">
          {categories.map(({ handle, name }) => (
            <li key={handle}>
              <Link
                href={`/${region}/categories/${handle}`}
                className="py-2 whitespace-nowrap hover:text-ember"
              >
                {name}
              </Link>
            </li>
          ))}
          <li className="md:hidden">
            <Link href={`/${region}/search`} className="py-2 whitespace-nowrap hover:text-ember">
              Search
            </Link>
          </li>
        </ul>
      </nav>
    </header>
  )
}

/** The search box; its page also shows it. */
export function SearchField({ text }: { text?: string }) {
  return (
    <input
      type="search"
      name="q"
      defaultValue={text}
      maxLength={80}
      placeholder="Search supplies"
      aria-label="Search supplies"
      className="field min-h-10 py-1.5"
    />
  )
}
