import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    exclude: [
      '**/node_modules/**',
      'integration/**',
      'journey/**',
      'host/**',
      'images/**',
      'deploy/**',
      'rehearsal/**',
      'backup/**',
      'boot/**',
      'growth/**',
      'watch/**',
      'payments/**',
    ],
    // Many of them start programs, side by side: a busy machine is no failure.
    testTimeout: 30_000,
  },
})
