import type { MetadataRoute } from 'next'
import { publicAddress } from '@/environment'

export const dynamic = 'force-dynamic'

export default function robots(): MetadataRoute.Robots {
  return {
    rules: {
      userAgent: '*',
      allow: '/',
      disallow: ['/api/', '/order/', '/*/cart', '/*/checkout', '/*/search'],
    },
    sitemap: new URL('/sitemap.xml', publicAddress()).href,
  }
}
