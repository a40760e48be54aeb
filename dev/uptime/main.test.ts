import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runCommand } from '../outside/run-command.ts'
import type { ApiServer } from '../outside/stand-in.ts'
import { type ApiMonitor, type ApiState, startApiServer } from './api-server.ts'
import { MONITORS_FILE } from './monitors.ts'

const KEY = 'ur1234567-0123456789abcdef01234567'

let state: ApiState
let api: ApiServer

beforeEach(async () => {
  state = {
    key: KEY,
    monitors: [],
    contacts: [
      { id: 41, type: 'Email', status: 'Active', value: 'owner@example.org' },
      { id: 42, type: 'Email', status: 'NotActivated', value: 'new@example.org' },
      { id: 43, type: 'Slack', status: 'Active', value: 'https://hooks.example.org' },
    ],
    shortestInterval: 300,
    requests: 1000,
    pauseSeconds: 1,
  }
  api = await startApiServer(state)
})
afterEach(() => api.close())

function uptime(...args: string[]) {
  const all = [...args, '--api', api.base]
  return runCommand('dev/uptime/main.ts', all, { UPTIMEROBOT_API_KEY: KEY }, KEY)
}

async function planId(): Promise<string> {
  const { stdout } = await uptime('plan')
  const id = /Plan ([0-9a-f]{16})$/m.exec(stdout)?.[1]
  if (!id) throw new Error(`no plan in:\n${stdout}`)
  return id
}

const applyPlan = async () => uptime('apply', '--yes', await planId())

/** Somebody else's monitor. */
function foreign(id: number, friendlyName = `other ${id}`): ApiMonitor {
  return {
    id,
    friendlyName,
    status: 'UP',
    type: 'HTTP',
    url: 'https://example.org',
    interval: 300,
    timeout: 30,
    followRedirections: true,
    assignedAlertContacts: [],
  }
}

function monitor(name: string): ApiMonitor {
  const found = state.monitors.find(({ friendlyName }) => friendlyName === name)
  if (!found) throw new Error(`no monitor ${name}`)
  return found
}

describe('npm run uptime -- plan', () => {
  it('shows all that would be changed and sends nothing that changes', async () => {
    state.monitors.push(foreign(5, 'a blog'))
    const { code, stdout, stderr } = await uptime('plan')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout.split('\n')).toEqual([
      '  left alone: a blog',
      '',
      '+ Research Relay: shop: "See the supplies" in https://research-relay.com/ every 300 s, within 30 s; tells contact 41',
      '+ Research Relay: API: an answer of https://api.research-relay.com/health every 300 s, within 30 s; tells contact 41',
      '',
      expect.stringMatching(/^2 to change at UptimeRobot\. Plan [0-9a-f]{16}$/),
      expect.stringMatching(/^To do just this: npm run uptime -- apply --yes [0-9a-f]{16}$/),
      '',
    ])
    expect(api.asked).toEqual(['GET /v3/monitors?limit=200', 'GET /v3/user/alert-contacts'])
    expect(api.writes).toEqual([])
  })

  it('can not be applied while nobody would be told', async () => {
    state.contacts = state.contacts.filter(({ id }) => id !== 41)
    const { code, stderr } = await uptime('apply', '--yes', '0123456789abcdef')
    expect(code).toBe(1)
    expect(stderr).toContain('! the account has no active e-mail contact')
    expect(api.writes).toEqual([])
  })

  it('understands an account that gives its enumerations as numbers', async () => {
    state.contacts = [{ id: 44, type: 2, status: 2, value: 'owner@example.org' }]
    expect((await uptime('plan')).stdout).toContain('tells contact 44')
  })

  it.each([
    ['without a key', {}, 'UPTIMEROBOT_API_KEY is not set'],
    ['with a key of two lines', { UPTIMEROBOT_API_KEY: 'a\nb' }, 'copy it again'],
  ])('%s says so', async (_, env, line) => {
    const args = ['plan', '--api', api.base]
    const { code, stderr } = await runCommand('dev/uptime/main.ts', args, env, KEY)
    expect({ code, asked: api.asked }).toEqual({ code: 1, asked: [] })
    expect(stderr).toContain(line)
  })

  it('with a wrong key says which one it must be, without showing it', async () => {
    state.key = 'another'
    const { code, stderr } = await uptime('plan')
    expect(code).toBe(1)
    expect(stderr.trim()).toBe(
      "UptimeRobot's API (GET /monitors) refuses the key (401 003-005; Invalid API key): UPTIMEROBOT_API_KEY must be the main API key (Integrations & API)",
    )
  })
})

describe('npm run uptime -- apply', () => {
  it('does what the plan showed and no more, reads it back, and has nothing to do again', async () => {
    state.monitors.push(foreign(5))
    const id = await planId()
    const { code, stdout, stderr } = await uptime('apply', '--yes', id)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain('All 2 made, and read back from UptimeRobot.')
    expect(api.writes.map((write) => write.split(' ').slice(0, 2).join(' '))).toEqual([
      'POST /v3/monitors',
      'POST /v3/monitors',
    ])
    expect(state.monitors[0]).toEqual(foreign(5))
    expect(monitor('Research Relay: shop')).toMatchObject({
      type: 'KEYWORD',
      url: 'https://research-relay.com/',
      keywordType: 'ALERT_NOT_EXISTS',
      keywordCaseType: 0,
      keywordValue: 'See the supplies',
      assignedAlertContacts: [{ alertContactId: '41', threshold: 0, recurrence: 0 }],
    })
    const again = await uptime('apply', '--yes', id)
    expect(again.stdout).toContain('Nothing to change at UptimeRobot.')
    expect(api.writes).toHaveLength(2)
  })

  it('mends drift, starts what is paused, and deletes of ours what the file has not', async () => {
    await applyPlan()
    monitor('Research Relay: API').interval = 900
    monitor('Research Relay: API').assignedAlertContacts = []
    monitor('Research Relay: shop').status = 'PAUSED'
    state.monitors.push(foreign(900_000_001, 'Research Relay: old'), foreign(900_000_002))
    const before = api.writes.length
    const { code, stdout } = await applyPlan()
    expect(code).toBe(0)
    expect(stdout).toMatch(/~ Research Relay: shop, monitor \d+: start, it is paused/)
    expect(stdout).toMatch(
      /~ Research Relay: API, monitor \d+: interval 900, wanted 300; tells contacts nobody, wanted 41/,
    )
    expect(stdout).toContain('- Research Relay: old (https://example.org), monitor 900000001')
    expect(api.writes.slice(before).map((write) => write.split(' ')[0])).toEqual([
      'POST',
      'PATCH',
      'DELETE',
    ])
    expect(state.monitors.map(({ friendlyName }) => friendlyName)).toEqual([
      'Research Relay: shop',
      'Research Relay: API',
      'other 900000002',
    ])
  })

  it('makes a monitor anew whose type is another, and says that its history goes', async () => {
    state.monitors.push(foreign(7, 'Research Relay: shop'))
    const { code, stdout } = await applyPlan()
    expect(code).toBe(0)
    expect(stdout).toContain(
      '- Research Relay: shop, monitor 7, with its history: its type is HTTP',
    )
    expect(monitor('Research Relay: shop').type).toBe('KEYWORD')
  })

  it('does not apply a plan that is no longer the one that was read', async () => {
    const id = await planId()
    state.monitors.push(foreign(9, 'Research Relay: API'))
    const { code, stderr } = await uptime('apply', '--yes', id)
    expect(code).toBe(1)
    expect(stderr).toMatch(/^this is plan [0-9a-f]{16} and not/)
    expect(api.writes).toEqual([])
  })

  it('fails in the middle, says what is made and what not, and goes on the next time', async () => {
    state.instead = (request, response) => {
      if (request.method !== 'POST' || api.writes.length < 2) return false
      response.writeHead(403, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ message: 'Monitor limit reached', code: '000-003' }))
      return true
    }
    const { code, stdout, stderr } = await applyPlan()
    expect(code).toBe(1)
    expect(stdout).toContain('made  + Research Relay: shop')
    expect(stderr).toContain('+ Research Relay: API')
    expect(stderr).toContain(
      "UptimeRobot's API (POST /monitors) answers 403 000-003; Monitor limit reached",
    )
    expect(stderr).toContain('1 of 2 made. npm run uptime -- plan shows what is left.')
    state.instead = () => false
    expect((await applyPlan()).stdout).toContain('All 1 made')
    expect(state.monitors).toHaveLength(2)
  })

  it('makes no second monitor when the answer to the first was an error', async () => {
    state.instead = (request, response) => {
      if (request.method !== 'POST') return false
      const { id: _, status: __, ...rest } = foreign(8_001, 'Research Relay: shop')
      state.monitors.push({
        ...rest,
        ...(JSON.parse(api.writes[0]?.replace(/^\S+ \S+ /, '') ?? '') as ApiMonitor),
        id: 8_001,
        status: 'STARTED',
      })
      response.writeHead(404, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ message: 'Monitor not found', code: '000-004' }))
      return true
    }
    const { code, stderr } = await applyPlan()
    expect(code).toBe(1)
    expect(stderr).toContain('maybe + Research Relay: shop')
    expect(stderr).toContain('Whether that change was made is not known.')
    expect(api.writes).toHaveLength(1)
    state.instead = () => false
    expect((await applyPlan()).stdout).toContain('All 1 made')
    expect(state.monitors.map(({ friendlyName }) => friendlyName).sort()).toEqual([
      'Research Relay: API',
      'Research Relay: shop',
    ])
  })

  it("stays within the free plan's requests a minute by waiting as long as it is told", async () => {
    const id = await planId()
    state.requests = 2
    const { code, stderr } = await uptime('apply', '--yes', id)
    expect(code).toBe(0)
    expect(stderr).toContain("UptimeRobot's API asks for patience: going on in 1 s")
    expect(state.monitors).toHaveLength(2)
  })

  it('shows the messages of a validator that refuses', async () => {
    state.shortestInterval = 600
    const { code, stderr } = await applyPlan()
    expect(code).toBe(1)
    expect(stderr).toContain('answers 400 interval must not be less than 600')
    expect(stderr).not.toContain('is not known')
    expect(state.monitors).toEqual([])
  })
})

describe('npm run uptime', () => {
  it('is content when all is as the file says and up', async () => {
    await applyPlan()
    for (const each of state.monitors) each.status = 'UP'
    const { code, stdout, stderr } = await uptime()
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^Research Relay: shop +https:\/\/research-relay\.com\/ +UP +ok$/m)
    expect(stdout).toContain('All 2 are as nixos/uptime/monitors.json wants them, and up.')
  })

  it('says what is missing, down, paused, different or unknown, and changes nothing', async () => {
    await applyPlan()
    const writes = api.writes.length
    monitor('Research Relay: shop').status = 'DOWN'
    monitor('Research Relay: API').timeout = 5
    state.monitors.push(foreign(11, 'Research Relay: old'))
    const first = await uptime()
    expect(first.code).toBe(1)
    expect(first.stdout).toMatch(/^Research Relay: shop .+ DOWN +not up$/m)
    expect(first.stdout).toMatch(/^Research Relay: API .+ STARTED +timeout 5, wanted 30$/m)
    expect(first.stdout).toMatch(/^Research Relay: old +not in the file +UP +unknown$/m)
    expect(first.stderr).toContain('3 of 3 are not as they should be.')
    monitor('Research Relay: shop').status = 'PAUSED'
    state.monitors = state.monitors.filter(({ friendlyName }) => !friendlyName.endsWith('API'))
    const second = await uptime('--json')
    expect(JSON.parse(second.stdout).rows).toMatchObject([
      { status: 'PAUSED', verdict: ['paused: nobody watches'], ok: false },
      { status: 'none', verdict: ['missing'], ok: false },
      { verdict: ['unknown'] },
    ])
    expect(api.writes).toHaveLength(writes)
  })

  it('finds its monitors on every page, and sends the key to no address that a page names', async () => {
    await applyPlan()
    for (const each of state.monitors) each.status = 'UP'
    for (let id = 1; id <= 400; id++) state.monitors.push(foreign(id))
    const { code } = await uptime()
    expect(code).toBe(0)
    expect(api.asked.filter((path) => path.includes('cursor='))).toEqual([
      'GET /v3/monitors?limit=200&cursor=200',
      'GET /v3/monitors?limit=200&cursor=400',
    ])
  })

  it.each([
    [['chekc'], 'unknown command chekc'],
    [['--jsno'], "Unknown option '--jsno'"],
    [['--monitors', '/nowhere.json'], '/nowhere.json'],
  ])('refuses %j in plain words', async (args, line) => {
    const { code, stderr } = await uptime(...args)
    expect(code).toBe(1)
    expect(stderr).toContain(line)
    expect(stderr).not.toContain('    at ')
  })
})

it('the file of monitors holds no address of a person and no key', () => {
  expect(readFileSync(MONITORS_FILE, 'utf8')).not.toMatch(/[\w.]+@[\w.]+\.\w+|ur\d+-/)
})
