import { z } from 'zod'

const line = (missing: string) => z.string().trim().min(1, missing).max(120, 'This is too long.')
const optional = z.string().trim().max(120, 'This is too long.').default('')

/** What the address form sends; the messages stand under the fields. */
export const addressForm = z
  .object({
    email: z.email('Please enter an e-mail address, such as ada@example.org.'),
    first_name: line('Please enter a first name.'),
    last_name: line('Please enter a last name.'),
    address_1: line('Please enter street and number.'),
    address_2: optional,
    postal_code: line('Please enter a postal code.'),
    city: line('Please enter a city.'),
    province: optional,
    country_code: z.string().regex(/^[a-z]{2}$/, 'Please choose a country.'),
    phone: optional,
  })
  .refine(({ country_code, province }) => country_code !== 'us' || province !== '', {
    path: ['province'],
    error: 'Please enter a state, such as MA.',
  })

export type AddressForm = z.infer<typeof addressForm>

/** What was entered, and what is wrong with it, field by field. */
export interface AddressProblems {
  entered: Record<string, string>
  problems: Record<string, string>
  /** What the shop as a whole said. */
  message: string | null
}

/** Checks the address form. */
export function readAddress(
  form: FormData,
): { ok: true; value: AddressForm } | { ok: false; value: AddressProblems } {
  const entered = Object.fromEntries(
    [...form].flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  )
  const checked = addressForm.safeParse(entered)
  if (checked.success) return { ok: true, value: checked.data }
  const problems: Record<string, string> = {}
  for (const { path, message } of checked.error.issues) problems[String(path[0])] ??= message
  return { ok: false, value: { entered, problems, message: null } }
}
