import type { MedusaContainer } from '@medusajs/framework/types'
import { ContainerRegistrationKeys } from '@medusajs/framework/utils'

/** Says what each step of a seed has added and how long it took. */
export class Steps {
  private added = 0
  private readonly logger: { info(line: string): void }

  constructor(container: MedusaContainer) {
    this.logger = container.resolve(ContainerRegistrationKeys.LOGGER)
  }

  async run<T extends { added: number }>(name: string, work: () => Promise<T>): Promise<T> {
    const started = Date.now()
    const result = await work()
    this.added += result.added
    const what = result.added === 0 ? 'already there' : `${result.added} added`
    this.logger.info(`seed: ${name}: ${what} (${((Date.now() - started) / 1000).toFixed(1)} s)`)
    return result
  }

  end(): void {
    this.logger.info(this.added === 0 ? 'seed: nothing to do' : `seed: done, ${this.added} added`)
  }
}
