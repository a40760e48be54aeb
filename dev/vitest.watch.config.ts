import { defineConfig } from 'vitest/config'

/** Tests of the watchdogs, alarms and the status page of the host. */
export default defineConfig({
  test: {
    include: ['watch/**/*.test.ts'],
    globalSetup: ['host/provide-tools.ts', 'watch/shop-database.ts'],
    // They mostly wait for scripts and servers, each file with ports of its own.
    maxWorkers: 4,
    // Ends what hangs; a machine may be several times slower than another.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
})
