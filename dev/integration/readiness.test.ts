import { describe, expect, it } from 'vitest'
import { call, shop } from './shop.ts'

interface Readiness {
  status: string
  build: string
  checks: Record<string, { ok: boolean }>
}

describe('readiness', () => {
  it('names the build and finds everything there', async () => {
    const ready = await call<Readiness>(`${shop.api}/ready`)
    expect(ready.status).toBe('ready')
    expect(ready.build).toMatch(/\S/)
    for (const check of ['postgresql', 'redis', 'migrations', 'btcpay']) {
      expect(ready.checks[check], check).toMatchObject({ ok: true })
    }
  })

  it('answers in less than 100 ms', async () => {
    const times: number[] = []
    for (let i = 0; i < 20; i++) {
      const start = performance.now()
      await call(`${shop.api}/ready`)
      times.push(performance.now() - start)
    }
    times.sort((a, b) => a - b)
    expect(times[10]).toBeLessThan(100)
  })
})
