import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'
import type { Shop } from './start.ts'

const body = z.object({ signal: z.enum(['SIGTERM', 'SIGKILL']).default('SIGTERM') })

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

/**
 * Lets tests end and start processes of their shop, on a free port of loopback:
 * `GET /processes`, `POST /processes/NAME/kill` ({signal}), `/start`, `/restart`.
 * @returns its address
 */
export async function startControl({ supervisor, processes }: Shop): Promise<string> {
  const act = async (name: string, action: string, signal: NodeJS.Signals): Promise<boolean> => {
    const definition = processes.find((each) => each.name === name)
    if (!definition) return false
    if (action !== 'start') await supervisor.end(name, signal)
    if (action !== 'kill') supervisor.start(definition)
    return true
  }
  const server = createServer(async (request, response) => {
    const [, name = '', action = ''] =
      /^\/processes\/([\w-]+)\/(kill|start|restart)$/.exec(request.url ?? '') ?? []
    try {
      const { signal } = body.parse(JSON.parse((await readBody(request)) || '{}'))
      const known = request.url === '/processes' || (await act(name, action, signal))
      response.writeHead(known ? 200 : 404, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ running: supervisor.names() }))
    } catch (error) {
      response.writeHead(400).end(String(error))
    }
  })
  server.unref()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
