import { Migration } from '@medusajs/framework/mikro-orm/migrations'

export class Migration20261128081500 extends Migration {
  override async up(): Promise<void> {
    // For who has made the ledger's tables before this column was theirs.
    this.addSql(
      `alter table if exists "btcpay_invoice" add column if not exists "owed_offers" jsonb null;`,
    )
    this.addSql(
      `create table if not exists "btcpay_check" ("id" text not null, "invoices" integer not null, "orders" integer not null, "disagreements" integer not null, "lines" jsonb not null, "created_at" timestamptz not null default now(), "updated_at" timestamptz not null default now(), "deleted_at" timestamptz null, constraint "btcpay_check_pkey" primary key ("id"));`,
    )
    for (const column of ['created_at', 'deleted_at'])
      this.addSql(
        `CREATE INDEX IF NOT EXISTS "IDX_btcpay_check_${column}" ON "btcpay_check" ("${column}") WHERE deleted_at IS NULL;`,
      )
  }

  override async down(): Promise<void> {
    this.addSql(`drop table if exists "btcpay_check" cascade;`)
  }
}
