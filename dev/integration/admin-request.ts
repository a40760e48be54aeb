import { call, shop } from './shop.ts'

let token: string | undefined

/** Headers of the seeded owner, signed in by token. */
export async function adminHeaders(): Promise<Record<string, string>> {
  token ??= (
    await call<{ token: string }>(`${shop.api}/auth/user/emailpass`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: shop.adminEmail, password: shop.adminPassword }),
    })
  ).token
  return { authorization: `Bearer ${token}` }
}

/** Any request of the admin API as the seeded owner; the answer as it is, refused or not. */
export async function adminRequest(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${shop.api}/admin${path}`, {
    signal: AbortSignal.timeout(60_000),
    ...init,
    headers: { ...(await adminHeaders()), ...(init.headers as Record<string, string>) },
  })
}

/** Uploads files as the admin's pages do. */
export function upload(
  ...files: { name: string; bytes: Uint8Array<ArrayBuffer> }[]
): Promise<Response> {
  const body = new FormData()
  for (const { name, bytes } of files) body.append('files', new Blob([bytes]), name)
  return adminRequest('/uploads', { method: 'POST', body })
}
