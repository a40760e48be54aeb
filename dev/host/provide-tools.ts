import { programs } from '../shop/postgresql.ts'
import { provideCaddy, provideNewerPrograms } from './tools.ts'

/**
 * Provides the programs that a suite's files share, before the first of them runs: vitest's globalSetup.
 * @throws Error when one cannot be had
 */
export default function provideTools(): void {
  provideCaddy()
  provideNewerPrograms()
  programs()
}
