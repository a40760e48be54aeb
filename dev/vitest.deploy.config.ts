import { defineConfig } from 'vitest/config'

/** Tests of the deploy scripts: real Caddy, stand-ins for Docker and systemd; one world, in order. */
export default defineConfig({
  test: {
    globalSetup: ['host/provide-tools.ts'],
    include: ['deploy/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
  },
})
