import type { CheckIn } from '@rr-bizops/telemetry/errors/reporter'
import { expect, it } from 'vitest'
import { jobMonitor } from './job-monitor'

const MINUTE = 60_000

function monitor() {
  let now = 0
  const checkIns: CheckIn[] = []
  const ended = jobMonitor({ checkIn: (each) => checkIns.push(each) }, () => now)
  return {
    checkIns,
    pass: (ms: number) => {
      now += ms
    },
    ended,
  }
}

it('checks in once every five minutes, however often jobs run', () => {
  const { checkIns, pass, ended } = monitor()
  for (let run = 0; run < 360; run += 1) {
    ended('drain-webhook-inbox', true)
    ended('reconcile-btcpay', true)
    pass(10_000)
  }
  expect(checkIns).toHaveLength(12)
  expect(new Set(checkIns.map(({ ok }) => ok))).toEqual(new Set([true]))
})

it('says that a job has failed, and that it is well again', () => {
  const { checkIns, pass, ended } = monitor()
  ended('drain-webhook-inbox', true)
  pass(MINUTE)
  ended('reconcile-btcpay', false)
  ended('reconcile-btcpay', true)
  pass(4 * MINUTE)
  ended('drain-webhook-inbox', true)
  ended('reconcile-btcpay', true)
  pass(5 * MINUTE)
  ended('drain-webhook-inbox', true)
  expect(checkIns.map(({ ok }) => ok)).toEqual([true, false, true])
})

it('fails when one job no longer runs while another does', () => {
  const { checkIns, pass, ended } = monitor()
  for (let minute = 0; minute <= 15; minute += 1) {
    ended('drain-webhook-inbox', true)
    pass(MINUTE)
  }
  expect(checkIns.map(({ ok }) => ok)).toEqual([true, true, true, false])
})
