import { nameOf, type Outside, type Proposal } from './proposal.ts'

/** Shows what would be changed; changes nothing. Gives whether it could be. */
export async function plan<C>(outside: Outside<C>): Promise<boolean> {
  const proposal = await outside.propose()
  showProposal(outside, proposal)
  return proposal.obstacles.length === 0
}

/** Prints a plan, its name, and how to apply it. */
export function showProposal<C>({ name, command }: Outside<C>, proposal: Proposal<C>): void {
  const { changes, notes, obstacles } = proposal
  for (const note of notes) console.log(`  ${note}`)
  if (notes.length) console.log()
  for (const { line } of changes) console.log(line)
  for (const obstacle of obstacles) console.error(`! ${obstacle}`)
  if (obstacles.length) {
    console.error(`\nNothing will be changed at ${name} before that is out of the way.`)
  } else if (changes.length === 0) {
    console.log(`Nothing to change at ${name}.`)
  } else {
    const id = nameOf(proposal)
    console.log(`\n${changes.length} to change at ${name}. Plan ${id}`)
    console.log(`To do just this: ${command} -- apply --yes ${id}`)
  }
}
