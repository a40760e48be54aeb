import { provideDebian } from './machine.ts'

/** The tree that machines boot from, before the first test: vitest's globalSetup. */
export default provideDebian
