/** Shorter than Docker lets a server drain (`--stop-timeout`, nixos/modules/containers.nix). */
const PATIENCE_MS = 20_000

/** Settlements of this process that have begun and not ended. */
const settlements = new Set<Promise<unknown>>()

/** Has a stop of this process wait for a settlement: no request may wait for it any more. */
export function keepUnderWay<T>(settlement: Promise<T>): Promise<T> {
  settlements.add(settlement)
  const ended = () => {
    settlements.delete(settlement)
  }
  settlement.then(ended, ended)
  return settlement
}

/** Until those have ended that are under way, at most as long as a stop may take. */
export async function settled(patienceMs = PATIENCE_MS): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, patienceMs)
  })
  await Promise.race([Promise.allSettled([...settlements]), late])
  clearTimeout(timer)
}
