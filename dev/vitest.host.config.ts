import { defineConfig } from 'vitest/config'

/** Tests of the host's description: they need Nix, Caddy, PostgreSQL and Redis, but no NixOS. */
export default defineConfig({
  test: {
    globalSetup: ['host/provide-tools.ts'],
    include: ['host/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
