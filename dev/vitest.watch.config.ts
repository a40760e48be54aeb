import { defineConfig } from 'vitest/config'

/** Tests of the watchdogs, alarms and the status page of the host. */
export default defineConfig({
  test: { include: ['watch/**/*.test.ts'], testTimeout: 120_000, hookTimeout: 120_000 },
})
