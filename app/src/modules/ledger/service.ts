import { MedusaService } from '@medusajs/framework/utils'
import { LedgerCheck } from './models/ledger-check'
import { LedgerEntry } from './models/ledger-entry'
import { LedgerInvoice } from './models/ledger-invoice'
import { LedgerOffer } from './models/ledger-offer'
import { Reconciliation } from './models/reconciliation'
import { settled } from './under-way'

/** Reads the ledger and its checks; it is written by `Ledger` alone, which locks the row that it changes. */
export class LedgerModule extends MedusaService({
  LedgerInvoice,
  LedgerEntry,
  LedgerOffer,
  LedgerCheck,
  Reconciliation,
}) {
  /** Medusa's hooks of a module: it closes the database only when these have ended. */
  __hooks = { onApplicationPrepareShutdown: () => settled() }
}
