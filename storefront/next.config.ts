import { join } from 'node:path'
import type { NextConfig } from 'next'
import { fileAddresses } from './src/environment'
import { sendSourceMaps, sendsSourceMaps } from './src/errors/source-maps'

const root = join(import.meta.dirname, '..')
const addresses = fileAddresses()

const config: NextConfig = {
  output: 'standalone',
  outputFileTracingRoot: root,
  turbopack: { root },
  // Loaded before the server, which then greets in JSON.
  outputFileTracingIncludes: { '/*': ['./src/logging/greeting.mjs'] },
  // For Sentry alone: they are gone before anything is served.
  productionBrowserSourceMaps: sendsSourceMaps(),
  compiler: { runAfterProductionCompile: sendSourceMaps },
  poweredByHeader: false,
  // Caddy compresses, and better. Here the text of a page must stay readable: src/policy looks at it.
  compress: false,
  // An open tab of an older build reloads instead of failing on a server function it cannot find.
  deploymentId: process.env.GIT_SHA,
  images: {
    formats: ['image/avif', 'image/webp'],
    maximumResponseBody: 5_000_000,
    remotePatterns: addresses.map(({ url }) => new URL('/**', url)),
    // Only where the backend itself is on loopback, as in development.
    dangerouslyAllowLocalIP: addresses.some(({ loopback }) => loopback),
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
