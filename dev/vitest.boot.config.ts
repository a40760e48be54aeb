import { defineConfig } from 'vitest/config'

/** Tests of the host's units on a real systemd (dev/boot): they need root, debootstrap and systemd-nspawn. */
export default defineConfig({
  test: {
    globalSetup: ['boot/provide-debian.ts'],
    include: ['boot/**/*.test.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
})
