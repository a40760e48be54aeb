import { B2Server } from '../backup/b2-server.ts'
import { Mailbox } from '../watch/mailbox.ts'

/**
 * What the internet is for a booted machine, run in its network: a B2 and a mail server. Says "ready", and then
 * each subject of a mail, a line each.
 */
const [b2Port, mailPort] = process.argv.slice(2).map(Number)
const mailbox = new Mailbox(mailPort ?? 0)
await Promise.all([new B2Server(b2Port ?? 0).start(), mailbox.start()])
console.log('ready')
setInterval(() => {
  for (const { subject } of mailbox.take()) console.log(subject)
}, 100)
