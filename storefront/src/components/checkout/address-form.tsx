'use client'

import { useActionState } from 'react'
import { submitAddress } from '@/commerce/checkout-actions'
import type { RegionSlug } from '@/commerce/region-slugs'

interface Props {
  region: RegionSlug
  countries: { code: string; name: string }[]
  /** What is known already, by field. */
  known: Record<string, string>
}

/** Step 1. Field names are Medusa's; autocomplete lets the browser fill them in. */
export function AddressForm({ region, countries, known }: Props) {
  const [answer, action, pending] = useActionState(submitAddress, null)
  const field = (name: string) => ({
    name,
    value: answer?.entered[name] ?? known[name] ?? '',
    problem: answer?.problems[name],
  })
  const country = field('country_code')
  return (
    // The key shows what was entered again after a refusal: React resets forms after an action.
    <form
      action={action}
      key={JSON.stringify(answer?.entered ?? {})}
      className="grid gap-4 sm:grid-cols-6"
      noValidate
    >
      <input type="hidden" name="region" value={region} />
      <Field
        {...field('email')}
        label="E-mail"
        type="email"
        autoComplete="email"
        span="sm:col-span-6"
        note="For the confirmation and news of the delivery, nothing else."
      />
      <Field
        {...field('first_name')}
        label="First name"
        autoComplete="given-name"
        span="sm:col-span-3"
      />
      <Field
        {...field('last_name')}
        label="Last name"
        autoComplete="family-name"
        span="sm:col-span-3"
      />
      <Field
        {...field('address_1')}
        label="Street and number"
        autoComplete="address-line1"
        span="sm:col-span-6"
      />
      <Field
        {...field('address_2')}
        label="Institute, building, room (optional)"
        autoComplete="address-line2"
        span="sm:col-span-6"
      />
      <Field
        {...field('postal_code')}
        label="Postal code"
        autoComplete="postal-code"
        span="sm:col-span-2"
      />
      <Field {...field('city')} label="City" autoComplete="address-level2" span="sm:col-span-4" />
      {region === 'us' && (
        <Field
          {...field('province')}
          label="State"
          autoComplete="address-level1"
          span="sm:col-span-2"
        />
      )}
      <label className="block sm:col-span-4">
        <span className="mb-1 block font-medium">Country</span>
        <select
          name="country_code"
          defaultValue={country.value || (countries.length === 1 ? countries[0]?.code : '')}
          autoComplete="country"
          aria-invalid={country.problem ? true : undefined}
          className="field"
        >
          <option value="" disabled>
            Choose …
          </option>
          {countries.map(({ code, name }) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </select>
        <Problem text={country.problem} />
      </label>
      <Field
        {...field('phone')}
        label="Phone (optional)"
        type="tel"
        autoComplete="tel"
        span="sm:col-span-6"
        note="For the carrier, if the parcel cannot be delivered."
      />
      <div className="sm:col-span-6">
        <Problem text={answer?.message ?? undefined} />
        <button
          type="submit"
          disabled={pending}
          data-testid="submit-address"
          className="button-main mt-2 w-full sm:w-auto"
        >
          {pending ? 'Saving …' : 'Continue to delivery'}
        </button>
      </div>
    </form>
  )
}

interface FieldProps {
  name: string
  value: string
  problem: string | undefined
  label: string
  autoComplete: string
  span: string
  type?: string
  note?: string
}

function Field({
  name,
  value,
  problem,
  label,
  autoComplete,
  span,
  type = 'text',
  note,
}: FieldProps) {
  return (
    <label className={`block ${span}`}>
      <span className="mb-1 block font-medium">{label}</span>
      <input
        name={name}
        type={type}
        defaultValue={value}
        autoComplete={autoComplete}
        aria-invalid={problem ? true : undefined}
        className="field"
      />
      <Problem text={problem} />
      {note && !problem && <span className="mt-1 block text-sm text-muted">{note}</span>}
    </label>
  )
}

function Problem({ text }: { text: string | undefined }) {
  if (!text) return null
  return (
    <span role="alert" className="mt-1 block text-sm text-alert">
      {text}
    </span>
  )
}
