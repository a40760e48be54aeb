// Prints, as JSON, every route that Medusa would serve: its own, those of plugins and ours, read by the
// framework's own loader in its own order. Run in app/, with the environment of development.
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const app = join(import.meta.dirname, '../../app')
process.chdir(app)
const require = createRequire(join(app, 'package.json'))
require('ts-node/register/transpile-only')
const { configLoader } = require('@medusajs/framework/config')
const { featureFlagsLoader } = require('@medusajs/framework/feature-flags')
const { getResolvedPlugins } = require('@medusajs/framework/utils')
// Not among the framework's exports: by its file.
const http = dirname(require.resolve('@medusajs/framework/http'))
const { RoutesLoader } = require(join(http, 'routes-loader.js'))

await featureFlagsLoader(app)
const configuration = await configLoader(app, 'medusa-config')
const plugins = await getResolvedPlugins(app, configuration, true)
const medusa = dirname(require.resolve('@medusajs/medusa/package.json'))
await featureFlagsLoader(join(medusa, 'dist'))
const loader = new RoutesLoader()
for (const folder of [
  join(medusa, 'dist/api'),
  ...plugins.map((plugin) => join(plugin.resolve, 'api')),
]) {
  await loader.scanDir(folder)
}
const routes = loader.getRoutes().map(({ method, matcher, optedOutOfAuth }) => ({
  method,
  path: matcher,
  needsSignIn: matcher.startsWith('/admin') && !optedOutOfAuth,
}))
process.stdout.write(`${JSON.stringify({ plugins: plugins.map(({ name }) => name), routes })}\n`)
process.exit(0)
