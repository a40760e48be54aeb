import { defineConfig } from 'vitest/config'

/** The rehearsal of growth: one stage of several machines, by hand (npm run growth). */
export default defineConfig({
  test: {
    globalSetup: ['host/provide-tools.ts'],
    include: ['growth/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 600_000,
  },
})
