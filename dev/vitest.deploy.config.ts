import { defineConfig } from 'vitest/config'

/**
 * Tests of the deploy scripts: real Caddy, stand-ins for Docker and systemd; one world, in order. As root
 * and with dockerd, also with a real Docker engine.
 */
export default defineConfig({
  test: {
    globalSetup: ['host/provide-tools.ts'],
    include: ['deploy/**/*.test.ts'],
    // Visitors of one world are timed while another file runs.
    maxWorkers: 2,
    // Ends what hangs; a machine may be several times slower than another.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
})
