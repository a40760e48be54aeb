/**
 * Whether an error says that a request's form cannot be read: no boundary, or a body that is none. Next reads
 * the form of each POST to a page before any code of ours, and answers 500.
 */
export function isMalformedForm(error: unknown): boolean {
  return (
    error instanceof TypeError && /parse body as FormData|Missing .*boundary/i.test(error.message)
  )
}
