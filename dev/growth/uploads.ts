import { existsSync, readdirSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AppHost, MACHINES, PORTS, serverOf } from './addresses.ts'
import { uploadsFolder } from './app-host.ts'
import { ownerToken } from './client.ts'

/** Uploads a small picture in the admin's way; gives the address that Medusa tells. */
export async function upload(host: AppHost): Promise<string> {
  const token = await ownerToken(serverOf(host))
  const body = new FormData()
  // One pixel.
  const picture = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')
  body.set('files', new Blob([picture], { type: 'image/gif' }), 'bench.gif')
  const response = await fetch(`${serverOf(host)}/admin/uploads`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body,
    signal: AbortSignal.timeout(30_000),
  })
  if (!response.ok) throw new Error(`upload: ${response.status} ${await response.text()}`)
  const { files } = (await response.json()) as { files: { url: string }[] }
  return files[0]?.url ?? ''
}

/** Product files on a host's own disk. */
export function filesOf(host: AppHost): string[] {
  const folder = uploadsFolder(host)
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.gif')) : []
}

/**
 * A listener in the place of object storage: it notes what is put and says yes. It checks no
 * signature and gives nothing back, so it shows where Medusa sends a file, not that S3 takes it.
 */
export async function startStorage() {
  const puts: string[] = []
  const server = createServer((request, response) => {
    if (request.method === 'PUT') puts.push(request.url?.split('?')[0] ?? '')
    request.resume().once('end', () => response.writeHead(200, { etag: '"1"' }).end())
  })
  await new Promise<void>((resolve) => server.listen(PORTS.storage, MACHINES.first, resolve))
  const endpoint = `http://${MACHINES.first}:${PORTS.storage}`
  return {
    puts,
    env: {
      S3_ENDPOINT: endpoint,
      S3_REGION: 'eu-central-003',
      S3_BUCKET: 'research-relay-files',
      S3_PRIVATE_BUCKET: 'research-relay-private',
      S3_ACCESS_KEY_ID: 'a-key',
      S3_SECRET_ACCESS_KEY: 'a-secret',
      S3_PUBLIC_URL: 'https://files.research-relay.test',
    },
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
