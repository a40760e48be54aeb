/** BTCPay may be slow or far: readiness never waits for it, it reads what the last probe saw. */
const PROBE_EVERY_MS = 10_000
const PROBE_TIMEOUT_MS = 3_000

let last: { ok: boolean; at: number } | undefined
let probing: Promise<void> | undefined

async function probe(url: string): Promise<void> {
  const address = `${url.replace(/\/$/, '')}/api/v1/health`
  const ok = await fetch(address, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) })
    .then(
      async (response) =>
        response.ok &&
        ((await response.json()) as { synchronized?: boolean }).synchronized === true,
    )
    .catch(() => false)
  last = { ok, at: Date.now() }
  probing = undefined
}

/** Whether BTCPay answered and was synchronised at the last look; the first look is waited for. */
export async function btcpayAnswers(url: string): Promise<boolean> {
  if (!last || Date.now() - last.at > PROBE_EVERY_MS) probing ??= probe(url)
  if (!last) await probing
  return last?.ok ?? false
}
