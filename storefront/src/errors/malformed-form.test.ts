import { expect, it } from 'vitest'
import { isMalformedForm } from './malformed-form'

/** The error that Node itself gives for such a body. */
function errorOf(type: string, body: string): Promise<unknown> {
  const request = new Request('http://shop.test', {
    method: 'POST',
    headers: { 'content-type': type },
    body,
  })
  return request.formData().then(
    () => undefined,
    (error) => error,
  )
}

it.each([
  ['multipart/form-data', 'x'],
  ['multipart/form-data; boundary=b', 'x'],
  ['multipart/form-data; boundary=b', '--b\r\nnonsense\r\n'],
])('a form of %s that is %j is the visitor’s fault', async (type, body) => {
  const error = await errorOf(type, body)
  expect(error).toBeInstanceOf(TypeError)
  expect(isMalformedForm(error)).toBe(true)
})

it('any other error is told', () => {
  expect(isMalformedForm(new TypeError('x is not a function'))).toBe(false)
  expect(isMalformedForm(new Error('Failed to parse body as FormData.'))).toBe(false)
})
