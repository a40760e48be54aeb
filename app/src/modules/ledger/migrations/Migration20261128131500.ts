import { Migration } from '@medusajs/framework/mikro-orm/migrations'

export class Migration20261128131500 extends Migration {
  override async up(): Promise<void> {
    this.addSql(
      `create table if not exists "btcpay_reconciliation" ("id" text not null, "finished_at" timestamptz not null, "asked" integer not null, "found" integer not null, "created_at" timestamptz not null default now(), "updated_at" timestamptz not null default now(), "deleted_at" timestamptz null, constraint "btcpay_reconciliation_pkey" primary key ("id"));`,
    )
    this.addSql(
      `CREATE INDEX IF NOT EXISTS "IDX_btcpay_reconciliation_deleted_at" ON "btcpay_reconciliation" ("deleted_at") WHERE deleted_at IS NULL;`,
    )
  }

  override async down(): Promise<void> {
    this.addSql(`drop table if exists "btcpay_reconciliation" cascade;`)
  }
}
