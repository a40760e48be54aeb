import { defineConfig } from 'vitest/config'

/** Tests of backups, restore and drill: real PostgreSQL, rclone against a real server of S3. */
export default defineConfig({
  test: { include: ['backup/**/*.test.ts'], testTimeout: 120_000, hookTimeout: 120_000 },
})
