import { defineConfig } from 'vitest/config'

/**
 * Errors on their whole way, by running programs: hundreds of processes, and the built shop, see
 * docs/errors.md. They need redis-server, chromium, both apps built, and ports 26500 to 26599.
 */
export default defineConfig({
  test: {
    include: ['errors/**/*.run.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 400_000,
  },
})
