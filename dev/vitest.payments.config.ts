import { defineConfig } from 'vitest/config'

/** The app's own code of payments on a real PostgreSQL with the shop's tables, and on the stand-in. */
export default defineConfig({
  test: {
    include: ['payments/**/*.test.ts'],
    globalSetup: ['host/provide-tools.ts', 'watch/shop-database.ts'],
    // Ends what hangs; a machine may be several times slower than another.
    testTimeout: 300_000,
    // Medusa's log of what is made to fail.
    silent: 'passed-only',
    hookTimeout: 300_000,
  },
})
