import { defineConfig } from '@medusajs/framework/utils'
import { configuration } from './src/configuration'
import { EnvironmentError, readEnvironment } from './src/environment'
import { openMedusaLog } from './src/logging/open'

/** `medusa build` needs the shape only: it runs where no secret may be. */
const building = process.argv.includes('build')

function environmentOrExit() {
  try {
    return readEnvironment(building ? {} : process.env)
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error
    // One line for the operator; Medusa would print a stack of forty.
    process.stderr.write(`refusing to start: ${error.message}\n`)
    process.exit(78)
  }
}

const environment = environmentOrExit()
const logger = openMedusaLog(environment, process.argv)

module.exports = defineConfig({ ...configuration(environment), logger })
