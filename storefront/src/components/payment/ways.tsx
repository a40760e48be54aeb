import type { WayToPay } from '@/commerce/ways-to-pay'
import { CodePicture } from './code-picture'
import { Copied } from './copied'

const WORDS = {
  lightning: {
    name: 'Lightning',
    speed: 'in seconds',
    code: 'QR code of the Lightning invoice',
    destination: 'Lightning invoice',
    hint: 'The amount is included. This invoice can be paid only once.',
  },
  'on-chain': {
    name: 'On-chain',
    speed: 'about 10 minutes',
    code: 'QR code of the address and the amount',
    destination: 'Address',
    hint: 'Please send exactly this amount in one payment. Your wallet or exchange adds the network’s fee on top; if it takes the fee off instead, a part will be missing.',
  },
} as const

/** Written out, as Tailwind reads this file. */
const SHOWN = {
  lightning: 'hidden group-has-[[value=lightning]:checked]/ways:grid',
  'on-chain': 'hidden group-has-[[value=on-chain]:checked]/ways:grid',
} as const

/** How to pay, to be chosen; works without scripts. */
export function Ways({ ways }: { ways: WayToPay[] }) {
  // The one that is settled at once comes first.
  const sorted = [...ways].sort((a) => (a.method === 'lightning' ? -1 : 1))
  return (
    <div className="group/ways" data-testid="ways-to-pay">
      <fieldset>
        <legend className="sr-only">How do you want to pay?</legend>
        <div className="grid auto-cols-fr grid-flow-col gap-1 rounded-xl bg-sand p-1">
          {sorted.map(({ method }, index) => (
            <label
              key={method}
              className="flex min-h-14 cursor-pointer flex-col justify-center rounded-lg px-3 py-1.5 text-center leading-tight has-checked:bg-card has-checked:shadow-sm has-focus-visible:outline-3 has-focus-visible:outline-ember"
            >
              <input
                type="radio"
                name="way"
                value={method}
                defaultChecked={index === 0}
                className="sr-only"
              />
              <span className="font-semibold">{WORDS[method].name}</span>
              <span className="text-sm text-muted">{WORDS[method].speed}</span>
            </label>
          ))}
        </div>
      </fieldset>
      {sorted.map((way) => (
        <div
          key={way.method}
          data-testid={`way-${way.method}`}
          className={`${SHOWN[way.method]} mt-6 gap-6 sm:grid-cols-[15rem_1fr] sm:grid-rows-[auto_1fr] sm:gap-x-8 sm:gap-y-4`}
        >
          {/* A phone cannot scan itself: there the button comes first. */}
          <a href={way.link} className="button-main w-full sm:col-start-2">
            Open in your wallet
          </a>
          <div className="mx-auto w-full max-w-72 sm:col-start-1 sm:row-span-2 sm:row-start-1">
            <CodePicture code={way.code} label={WORDS[way.method].code} />
          </div>
          <div className="min-w-0 space-y-4 sm:col-start-2">
            <Copied name={WORDS[way.method].destination} text={way.destination} />
            {way.method === 'on-chain' && <Copied name="Amount in BTC" text={way.bitcoin} />}
            <p className="text-sm text-muted">{WORDS[way.method].hint}</p>
          </div>
        </div>
      ))}
    </div>
  )
}
