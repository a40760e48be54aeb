import { defineConfig } from 'vitest/config'

/**
 * Tests of the two images: they need a Docker engine (DOCKER_HOST), redis-server and, where
 * node:22-alpine cannot be pulled, RR_NODE_IMAGE with a stand-in (dev/images/stand-in-base).
 */
export default defineConfig({
  test: {
    include: ['images/**/*.test.ts'],
    globalSetup: ['images/prepare.ts'],
    // One machine measures one thing at a time.
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
})
