import { Migration } from '@medusajs/framework/mikro-orm/migrations'

/** Offers that are there already are taken in by reconciliation, as are those of the release before. */
export class Migration20261128130000 extends Migration {
  override async up(): Promise<void> {
    for (const column of ['claimed_amount', 'refunds_paid_amount'])
      this.addSql(
        `alter table if exists "btcpay_invoice" add column if not exists "${column}" text not null default '0';`,
      )
    this.addSql(
      `create table if not exists "btcpay_offer" ("id" text not null, "session_id" text not null, "pull_payment_id" text not null, "kind" text not null, "amount" text not null, "payouts" jsonb null, "paid_amount" text not null default '0', "counted_amount" text not null default '0', "asked_at" timestamptz null, "next_ask_at" timestamptz null, "created_at" timestamptz not null default now(), "updated_at" timestamptz not null default now(), "deleted_at" timestamptz null, constraint "btcpay_offer_pkey" primary key ("id"));`,
    )
    this.addSql(
      `CREATE UNIQUE INDEX IF NOT EXISTS "IDX_btcpay_offer_pull_payment_id_unique" ON "btcpay_offer" ("pull_payment_id") WHERE deleted_at IS NULL;`,
    )
    for (const column of ['session_id', 'next_ask_at'])
      this.addSql(
        `CREATE INDEX IF NOT EXISTS "IDX_btcpay_offer_${column}" ON "btcpay_offer" ("${column}") WHERE deleted_at IS NULL;`,
      )
    this.addSql(
      `CREATE INDEX IF NOT EXISTS "IDX_btcpay_offer_deleted_at" ON "btcpay_offer" ("deleted_at") WHERE deleted_at IS NULL;`,
    )
  }

  override async down(): Promise<void> {
    this.addSql(`drop table if exists "btcpay_offer" cascade;`)
    for (const column of ['claimed_amount', 'refunds_paid_amount'])
      this.addSql(`alter table if exists "btcpay_invoice" drop column if exists "${column}";`)
  }
}
