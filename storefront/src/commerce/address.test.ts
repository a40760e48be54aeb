import { describe, expect, it } from 'vitest'
import { readAddress } from './address'

function form(changes: Record<string, string> = {}): FormData {
  const data = new FormData()
  const entries = {
    email: 'ada@example.org',
    first_name: 'Ada',
    last_name: 'Lovelace',
    address_1: 'Analytical Way 1',
    postal_code: '10115',
    city: 'Berlin',
    country_code: 'de',
    ...changes,
  }
  for (const [name, value] of Object.entries(entries)) data.set(name, value)
  return data
}

describe('the address form', () => {
  it('takes a whole address and trims it', () => {
    const read = readAddress(form({ city: ' Berlin ' }))
    expect(read.ok && read.value.city).toBe('Berlin')
  })

  it('says what is missing, field by field, and keeps what was entered', () => {
    const read = readAddress(form({ email: 'ada', city: ' ' }))
    expect(read).toMatchObject({
      ok: false,
      value: {
        entered: { email: 'ada', first_name: 'Ada' },
        problems: { city: 'Please enter a city.' },
      },
    })
    expect(read.ok ? [] : Object.keys(read.value.problems)).toEqual(['email', 'city'])
  })

  it('asks for a state in the United States only', () => {
    expect(readAddress(form({ country_code: 'us' }))).toMatchObject({
      value: { problems: { province: 'Please enter a state, such as MA.' } },
    })
    expect(readAddress(form({ country_code: 'us', province: 'MA' })).ok).toBe(true)
  })
})
