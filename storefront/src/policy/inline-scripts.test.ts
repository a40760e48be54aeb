import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { inlineSources, isData } from './inline-scripts'

const BEGIN = '(self.__next_f=self.__next_f||[]).push([0])'
const TURBOPACK =
  '(globalThis["TURBOPACK"] || (globalThis["TURBOPACK"] = [])).push({"otherChunks":["static/chunks/37f-7seyrw29b.js"],"runtimeModuleIds":[94553]});'

describe('a script is data when it', () => {
  it.each([
    ['begins the stream', BEGIN],
    [
      'pushes text',
      String.raw`self.__next_f.push([1,"1:\"$Sreact.fragment\"\n2:[\u003cp\u003e]"])`,
    ],
    ['pushes text of any alphabet', 'self.__next_f.push([1,"Größe 5 µl ✓ \u2028"])'],
    ['pushes base64', 'self.__next_f.push([3,"AAECAw=="])'],
    ['pushes the state of a form', 'self.__next_f.push([2,["key","id",null,{"a":[1]}]])'],
    ['names the chunks to begin with', TURBOPACK],
    ['names them of a release', TURBOPACK.replace('29b.js', '29b.js?dpl=0f3c2a1')],
  ])('%s', (_what, script) => {
    expect(isData(script)).toBe(true)
  })
})

describe('a script is no data when it', () => {
  it.each([
    ['is any code', 'window.pwned=1'],
    ['is empty', ''],
    ['goes on after the push', 'self.__next_f.push([1,"a"]);window.pwned=1'],
    ['goes on after the push and ends alike', 'self.__next_f.push([1,"a"]);pwn([1,"b"])'],
    ['goes on in another line', 'self.__next_f.push([1,"a"])\nwindow.pwned=1'],
    ['goes on after a comment', 'self.__next_f.push([1,"a"]) //\nwindow.pwned=1'],
    ['begins with something else', 'pwn();self.__next_f.push([1,"a"])'],
    ['begins with white space', ' self.__next_f.push([1,"a"])'],
    ['pushes a call', 'self.__next_f.push([1,alert(1)])'],
    ['pushes two values', 'self.__next_f.push([1,"a"],pwn())'],
    ['pushes the value of a sequence', 'self.__next_f.push((pwn(),[1,"a"]))'],
    ['pushes a function', 'self.__next_f.push([1,()=>pwn()])'],
    ['pushes a template', 'self.__next_f.push([1,`$' + '{pwn()}`])'],
    ['pushes an object with a getter', 'self.__next_f.push([2,{get a(){return pwn()}}])'],
    ['closes its string', 'self.__next_f.push([1,"a"+pwn()+"b"])'],
    ['escapes its escape', String.raw`self.__next_f.push([1,"a\\"+pwn()+"b"])`],
    ['pushes a comment', 'self.__next_f.push([1,"a"/**/])'],
    ['pushes an HTML comment', 'self.__next_f.push([1,"a"\n-->\n])'],
    ['pushes an unknown kind', 'self.__next_f.push([4,"a"])'],
    ['pushes too much', 'self.__next_f.push([1,"a","b"])'],
    ['pushes text that is none', 'self.__next_f.push([1,{"a":"b"}])'],
    ['pushes no list', 'self.__next_f.push("a")'],
    ['pushes to something else', 'self.__next_g.push([1,"a"])'],
    ['sets the stream', 'self.__next_f=[pwn()]'],
    ['begins the stream with code', '(self.__next_f=self.__next_f||pwn()).push([0])'],
    ['begins the stream and goes on', `${BEGIN};pwn([0])`],
    ['names a chunk elsewhere', TURBOPACK.replace('static/chunks/', '../../api/')],
    ['names a chunk by an address', TURBOPACK.replace('static/chunks/', 'https://evil.example/')],
    ['climbs out of the chunks', TURBOPACK.replace('37f-', '../../x/')],
    ['starts a module by a call', TURBOPACK.replace('94553', 'pwn()')],
    ['starts a module by name', TURBOPACK.replace('94553', '"pwn"')],
    ['brings more than chunks', TURBOPACK.replace('"otherChunks"', '"factory":[],"otherChunks"')],
    ['replaces a prototype', TURBOPACK.replace('"otherChunks"', '"__proto__":[],"otherChunks"')],
    ['is an instruction of React', '$RC("B:0","S:0")'],
  ])('%s', (_what, script) => {
    expect(isData(script)).toBe(false)
  })
})

describe('the sources of a page', () => {
  const sourceOf = (script: string) =>
    `'sha256-${createHash('sha256').update(script).digest('base64')}'`

  it('are the hashes of its data, each once', () => {
    const script = 'self.__next_f.push([1,"µ"])'
    const page = `<script id="_R_">${TURBOPACK}</script><script>${BEGIN}</script><p><script>${script}</script><script>${script}</script>`
    expect(inlineSources(page)).toEqual([TURBOPACK, BEGIN, script].map(sourceOf))
  })

  it('are those that browsers compute', () => {
    // From the specification of the platform: the hash of the text "alert('Hello, world.');".
    expect(sourceOf("alert('Hello, world.');")).toBe(
      "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='",
    )
  })

  it('leave out whatever else a page brings', () => {
    const page = `
      <script src="/_next/static/chunks/a.js" async=""></script>
      <script type="application/ld+json">{"@type":"Product"}</script>
      <script>window.pwned=1</script>
      <script>${BEGIN};window.pwned=1</script>
      <script>${BEGIN}<!--</script>
      <SCRIPT>window.pwned=1</SCRIPT>
      <img src=x onerror="window.pwned=1">`
    expect(inlineSources(page)).toEqual([])
  })

  it('are found in time linear in the page', () => {
    for (const piece of ['<script ', '<script>', '<script> ', '<script>self.__next_f.push(']) {
      const began = performance.now()
      expect(inlineSources(piece.repeat(100_000))).toEqual([])
      expect(performance.now() - began, piece).toBeLessThan(1_000)
    }
  })
})
