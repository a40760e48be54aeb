import { defineConfig } from 'vitest/config'

/** Tests of the host's description: they need Nix, Caddy, PostgreSQL and Redis, but no NixOS. */
export default defineConfig({
  test: {
    globalSetup: ['host/provide-tools.ts'],
    include: ['host/**/*.test.ts'],
    // Ends what hangs; a machine may be several times slower than another.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
})
