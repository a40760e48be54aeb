import { defineRouteConfig } from '@medusajs/admin-sdk'
import { Badge, Button, Container, Heading, Text, toast } from '@medusajs/ui'
import { type ReactNode, useCallback, useEffect, useState } from 'react'
import type { BitcoinSettings } from '../../../../api/admin/bitcoin-settings/settings'
import { ask } from '../../../ask'
import { SetUp } from './set-up'

interface Answer {
  bitcoin_settings: BitcoinSettings
}
interface Proved {
  proof: { type: string; received_at: string; invoice: string }
}

/** How the shop stands with BTCPay, and what can be put right from here. */
function BitcoinSettingsPage() {
  const [settings, setSettings] = useState<BitcoinSettings | undefined>()
  const [problem, setProblem] = useState('')

  const load = useCallback(async () => {
    const asked = await ask<Answer>('/bitcoin-settings')
    if (asked.ok) setSettings(asked.value.bitcoin_settings)
    setProblem(asked.ok ? '' : asked.sentence)
  }, [])
  useEffect(() => void load(), [load])

  return (
    <Container className="divide-y p-0">
      <div className="flex items-center justify-between px-6 py-4">
        <div>
          <Heading level="h1">Bitcoin settings</Heading>
          <Text size="small" className="text-ui-fg-subtle">
            Live status of the connection to BTCPay Server.
          </Text>
        </div>
        <Button variant="secondary" size="small" onClick={() => void load()}>
          Look again
        </Button>
      </div>
      {problem && <Text className="px-6 py-4 text-ui-fg-error">{problem}</Text>}
      {settings && (
        <>
          {settings.server && <Connection settings={settings} server={settings.server} />}
          {settings.key && <Key found={settings.key} />}
          {settings.webhook && (
            <Webhook settings={settings} found={settings.webhook} changed={load} />
          )}
          {settings.server && <Reconciliation last={settings.last_reconciliation} />}
          <SetUp settings={settings} />
        </>
      )}
    </Container>
  )
}

interface LineProps {
  title: string
  state: { good: boolean; word: string }
  children: ReactNode
}

function Line({ title, state, children }: LineProps) {
  return (
    <section className="grid grid-cols-1 gap-2 px-6 py-4 md:grid-cols-3">
      <div className="flex items-start gap-2">
        <Text size="small" weight="plus">
          {title}
        </Text>
        <Badge size="2xsmall" color={state.good ? 'green' : 'red'}>
          {state.word}
        </Badge>
      </div>
      <div className="flex flex-col items-start gap-2 md:col-span-2">{children}</div>
    </section>
  )
}

type Found<Name extends 'server' | 'key' | 'webhook'> = NonNullable<BitcoinSettings[Name]>

function Connection(props: { settings: BitcoinSettings; server: Found<'server'> }) {
  const { problem, version, synchronized } = props.server
  const good = problem === null && synchronized
  return (
    <Line title="Connection" state={{ good, word: good ? 'connected' : 'not well' }}>
      <Text size="small">
        <a
          href={props.settings.address ?? ''}
          target="_blank"
          rel="noreferrer"
          className="text-ui-fg-interactive"
        >
          {props.settings.address}
        </a>
        {version && ` · BTCPay Server ${version}`}
      </Text>
      {problem && <Text size="small">{problem}</Text>}
      {!problem && !synchronized && (
        <Text size="small">
          It is not synchronised with the Bitcoin network yet: payments are seen late.
        </Text>
      )}
    </Line>
  )
}

function Key({ found: { problem, missing, too_many } }: { found: Found<'key'> }) {
  const good = problem === null && missing.length + too_many.length === 0
  return (
    <Line title="API key" state={{ good, word: good ? 'complete' : 'needs attention' }}>
      {problem && <Text size="small">{problem}</Text>}
      {good && <Text size="small">It has each permission that the shop needs, and no other.</Text>}
      {missing.length > 0 && (
        <Permissions title="It lacks:">
          {missing.map(({ name, meaning }) => (
            <li key={name}>
              <code>{name}</code> – {meaning}
            </li>
          ))}
        </Permissions>
      )}
      {too_many.length > 0 && (
        <Permissions title="The shop has no use for, so a thief of the key should not have:">
          {too_many.map((name) => (
            <li key={name}>
              <code>{name}</code>
            </li>
          ))}
        </Permissions>
      )}
      {!problem && !good && (
        <Text size="small" className="text-ui-fg-subtle">
          A key cannot be changed: make another one, as below, and delete this one in BTCPay.
        </Text>
      )}
    </Line>
  )
}

function Permissions({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <Text size="small">{title}</Text>
      <ul className="txt-small list-disc break-all pl-5">{children}</ul>
    </div>
  )
}

interface WebhookProps {
  settings: BitcoinSettings
  found: Found<'webhook'>
  changed(): Promise<void>
}

function Webhook({ settings, found, changed }: WebhookProps) {
  const [pending, setPending] = useState<'webhook' | 'proof' | undefined>()
  const [proof, setProof] = useState('')
  const { problem, registered, faults } = found
  const good = problem === null && registered && faults.length === 0
  const last = settings.last_delivery

  const register = async () => {
    setPending('webhook')
    const asked = await ask<{ webhook: { did: string } }>('/bitcoin-settings/webhook', 'POST')
    if (asked.ok) toast.success(`The webhook was ${asked.value.webhook.did}`)
    else toast.error('The webhook was not registered', { description: asked.sentence })
    await changed()
    setPending(undefined)
  }
  const prove = async () => {
    setPending('proof')
    setProof('')
    const asked = await ask<Proved>('/bitcoin-settings/proof', 'POST')
    setProof(
      asked.ok
        ? `${asked.value.proof.type} of the test invoice ${asked.value.proof.invoice} arrived on ${new Date(asked.value.proof.received_at).toLocaleString()}, with a valid signature.`
        : asked.sentence,
    )
    await changed()
    setPending(undefined)
  }

  return (
    <Line
      title="Webhook"
      state={{
        good,
        word: good ? 'registered' : registered ? 'needs attention' : 'not registered',
      }}
    >
      <Text size="small">
        Deliveries go to <code className="break-all">{settings.webhook_address}</code>
      </Text>
      {problem && <Text size="small">{problem}</Text>}
      {faults.map((fault) => (
        <Text key={fault} size="small">
          {fault}
        </Text>
      ))}
      <Text size="small" className="text-ui-fg-subtle">
        {last
          ? `The last delivery was ${last.type}, on ${new Date(last.received_at).toLocaleString()}.`
          : 'No delivery has come yet.'}
      </Text>
      <div className="flex flex-wrap gap-2">
        <Button
          variant="secondary"
          size="small"
          isLoading={pending === 'webhook'}
          disabled={pending !== undefined}
          onClick={register}
        >
          {registered ? 'Repair the webhook' : 'Register the webhook'}
        </Button>
        <Button
          variant="secondary"
          size="small"
          isLoading={pending === 'proof'}
          disabled={pending !== undefined}
          onClick={prove}
        >
          Send a test delivery
        </Button>
      </div>
      <Text size="xsmall" className="text-ui-fg-subtle">
        Registering gives BTCPay the secret that this shop has; repeat it after a change of the
        secret. A test makes an invoice of EUR 1.00 that belongs to no cart, and marks it as invalid
        at once.
      </Text>
      {proof && (
        <Text size="small" weight="plus" role="status">
          {proof}
        </Text>
      )}
    </Line>
  )
}

function Reconciliation({ last }: { last: BitcoinSettings['last_reconciliation'] }) {
  return (
    <Line
      title="Reconciliation"
      state={{ good: last !== null, word: last ? 'runs' : 'has not run' }}
    >
      <Text size="small">
        {last
          ? `All invoices that were due were last asked for on ${new Date(last.finished_at).toLocaleString()}: ${last.asked} asked, ${last.found} settled or adopted.`
          : 'It has not gone to its end yet. Is the worker running, and does BTCPay answer?'}
      </Text>
    </Line>
  )
}

export const config = defineRouteConfig({ label: 'Bitcoin settings' })

export default BitcoinSettingsPage
