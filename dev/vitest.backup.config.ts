import { defineConfig } from 'vitest/config'

/** Tests of backups, restore and drill: real PostgreSQL, rclone against a server that speaks B2’s API. */
export default defineConfig({
  // Each file has ports and folders of its own; most of the time is waiting.
  test: {
    globalSetup: ['host/provide-tools.ts'],
    include: ['backup/**/*.test.ts'],
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
