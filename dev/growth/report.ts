/** What a rehearsal has seen: lines for the document. */
export class Report {
  private readonly lines: string[] = []

  say(line: string): void {
    this.lines.push(line)
  }

  /** Does some work and notes how long it took. */
  async timed<T>(what: string, work: () => Promise<T>): Promise<T> {
    const began = performance.now()
    const result = await work()
    this.say(`${what}: ${((performance.now() - began) / 1000).toFixed(1)} s`)
    return result
  }

  print(): void {
    console.log(`\nSeen on ${new Date().toISOString().slice(0, 10)}:\n${this.lines.join('\n')}`)
  }
}
