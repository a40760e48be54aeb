import { defineConfig } from 'vitest/config'

/** Tests of backups, restore and drill: real PostgreSQL, rclone against a server that speaks B2’s API. */
export default defineConfig({
  // Each file has ports and folders of its own; most of the time is waiting.
  test: {
    globalSetup: ['host/provide-tools.ts'],
    include: ['backup/**/*.test.ts'],
    maxWorkers: 2,
    // Ends what hangs; a machine may be several times slower than another.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
})
