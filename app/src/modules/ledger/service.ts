import { MedusaService } from '@medusajs/framework/utils'
import { LedgerEntry } from './models/ledger-entry'
import { LedgerInvoice } from './models/ledger-invoice'

/** Reads the ledger; it is written by `Ledger` alone, which locks the row that it changes. */
export class LedgerModule extends MedusaService({ LedgerInvoice, LedgerEntry }) {}
