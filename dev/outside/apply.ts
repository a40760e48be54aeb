import { createInterface } from 'node:readline/promises'
import { Problem } from '../shop/steps.ts'
import { showProposal } from './plan.ts'
import { nameOf, type Outside, type Planned } from './proposal.ts'
import { ApiFailure } from './request.ts'

export interface Consent {
  /** The name of the plan that was read, instead of a question. */
  yes?: string | undefined
  input: NodeJS.ReadableStream & { isTTY?: boolean }
  output: NodeJS.WritableStream
}

/** What became of a plan: changes are made in order, and the first failure ends it. */
export interface Outcome<C> {
  made: readonly Planned<C>[]
  failed: { planned: Planned<C>; failure: ApiFailure } | null
  /** Not begun. */
  left: readonly Planned<C>[]
}

/**
 * Shows the plan, asks, makes the changes in order, and reads back whether they took.
 * @returns whether the outside is now as its file says
 * @throws Problem when there is no consent to this very plan
 */
export async function apply<C>(outside: Outside<C>, consent: Consent): Promise<boolean> {
  const proposal = await outside.propose()
  showProposal(outside, proposal)
  if (proposal.obstacles.length) return false
  if (proposal.changes.length === 0) return true
  if (!(await agreed(nameOf(proposal), outside.command, consent))) {
    console.log('Nothing was changed.')
    return false
  }
  console.log()
  const outcome = await makeAll(outside, proposal.changes)
  if (outcome.failed) {
    report(outside, outcome.failed, outcome)
    return false
  }
  const after = await outside.propose()
  if (after.changes.length === 0) {
    console.log(`\nAll ${outcome.made.length} made, and read back from ${outside.name}.`)
    return true
  }
  console.error(`\n${outside.name} accepted all of it and yet has something else:`)
  for (const { line } of after.changes) console.error(line)
  return false
}

/** Makes changes one after the other; ends at the first failure. */
export async function makeAll<C>(
  outside: Outside<C>,
  changes: readonly Planned<C>[],
): Promise<Outcome<C>> {
  for (const [index, planned] of changes.entries()) {
    try {
      await outside.make(planned.change)
    } catch (failure) {
      if (!(failure instanceof ApiFailure)) throw failure
      return {
        made: changes.slice(0, index),
        failed: { planned, failure },
        left: changes.slice(index + 1),
      }
    }
    console.log(`made  ${planned.line}`)
  }
  return { made: changes, failed: null, left: [] }
}

function report<C>(
  { command }: Outside<C>,
  { planned, failure }: { planned: Planned<C>; failure: ApiFailure },
  { made, left }: Outcome<C>,
): void {
  console.error(`${failure.doubtful ? 'maybe' : 'not  '} ${planned.line}`)
  for (const { line } of left) console.error(`not   ${line}`)
  console.error(`\n${failure.message}`)
  if (failure.doubtful) console.error('Whether that change was made is not known.')
  const all = made.length + 1 + left.length
  console.error(`${made.length} of ${all} made. ${command} -- plan shows what is left.`)
}

/** A plan is agreed to by its name, or by the word yes on a terminal that has just shown it. */
async function agreed(
  id: string,
  command: string,
  { yes, input, output }: Consent,
): Promise<boolean> {
  if (yes !== undefined) {
    if (yes === id) return true
    throw new Problem(`this is plan ${id} and not ${yes}: read it, then ${command} -- apply again`)
  }
  if (!input.isTTY) {
    throw new Problem(`nobody to ask: ${command} -- apply --yes ${id} does what is shown above`)
  }
  const asking = createInterface({ input, output })
  try {
    const closed = new Promise<string>((resolve) => asking.once('close', () => resolve('')))
    const answer = asking.question('Do this? Only "yes" does: ')
    return (await Promise.race([answer, closed])).trim() === 'yes'
  } finally {
    asking.close()
  }
}
