import { defineConfig } from 'vitest/config'

/** Tests that speak to one running shop: one file after the other. */
export default defineConfig({
  test: {
    include: ['integration/**/*.test.ts', 'journey/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 300_000,
    hookTimeout: 60_000,
  },
})
