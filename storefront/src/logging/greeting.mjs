// Loaded before server.js: Next greets before any code of ours runs, see instrumentation.ts. These few
// lines become JSON here; src/logging/open.ts takes over from there.
console.log = (text) => {
  const message = String(text).trim()
  if (message === '') return
  const line = { time: new Date().toISOString(), level: 'info', app: 'storefront', message }
  process.stdout.write(`${JSON.stringify(line)}\n`)
}
