import { join } from 'node:path'
import type { NextConfig } from 'next'
import { sendSourceMaps, sendsSourceMaps } from './src/errors/source-maps'
import { MAX_BYTES, MAX_PIXELS } from './src/pictures/limits'

const root = join(import.meta.dirname, '..')

const config: NextConfig = {
  output: 'standalone',
  outputFileTracingRoot: root,
  turbopack: { root },
  // Loaded before the server, which then greets in JSON.
  outputFileTracingIncludes: {
    '/*': [
      './src/logging/greeting.mjs',
      './src/page-cache/*.mts',
      './node_modules/lru-cache/**/*.js*',
    ],
  },
  // For Sentry alone: they are gone before anything is served.
  productionBrowserSourceMaps: sendsSourceMaps(),
  compiler: { runAfterProductionCompile: sendSourceMaps },
  poweredByHeader: false,
  // Caddy compresses, and better. Here the text of a page must stay readable: src/policy looks at it.
  compress: false,
  // Bounded, and without what does not exist.
  cacheHandler: join(import.meta.dirname, 'src/page-cache/handler.mts'),
  cacheMaxMemorySize: 16 * 1024 * 1024,
  // An open tab of an older build reloads instead of failing on a server function it cannot find.
  deploymentId: process.env.GIT_SHA,
  images: {
    formats: ['image/avif', 'image/webp'],
    maximumResponseBody: MAX_BYTES,
    // Everything passes src/app/pictures, which bounds what is decoded. No width is drawn that no page asks for.
    remotePatterns: [],
    localPatterns: [{ pathname: '/pictures/**', search: '' }],
    deviceSizes: [640, 828, 1080, 1200, 1920],
    imageSizes: [64, 128, 256, 384],
    qualities: [75],
    // Bytes of drawn pictures; a small one takes a page of memory, so they may come to twice as much.
    maximumDiskCacheSize: 64 * 1024 * 1024,
  },
  experimental: {
    // A second wall behind src/pictures, and large pictures are read in rows where their kind allows it.
    imgOptMaxInputPixels: MAX_PIXELS,
    imgOptSequentialRead: true,
  },
  // As Caddy sets them, which adds what needs TLS. Content-Security-Policy is src/policy's.
  async headers() {
    return [
      {
        source: '/:path*',
        headers: [
          { key: 'X-Content-Type-Options', value: 'nosniff' },
          { key: 'X-Frame-Options', value: 'DENY' },
          { key: 'Referrer-Policy', value: 'strict-origin-when-cross-origin' },
          {
            key: 'Permissions-Policy',
            value: 'camera=(), microphone=(), geolocation=(), payment=()',
          },
          { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
        ],
      },
    ]
  },
}

export default config
