import { Migration } from '@medusajs/framework/mikro-orm/migrations'

export class Migration20261124115134 extends Migration {
  override async up(): Promise<void> {
    this.addSql(
      `alter table if exists "webhook_delivery" drop constraint if exists "webhook_delivery_original_delivery_id_unique";`,
    )
    this.addSql(
      `create table if not exists "webhook_delivery" ("id" text not null, "original_delivery_id" text not null, "type" text not null, "store_id" text not null, "invoice_id" text not null, "outcome" text null, "handled_at" timestamptz null, "attempts" integer not null default 0, "next_attempt_at" timestamptz not null, "last_error" text null, "created_at" timestamptz not null default now(), "updated_at" timestamptz not null default now(), "deleted_at" timestamptz null, constraint "webhook_delivery_pkey" primary key ("id"));`,
    )
    this.addSql(
      `CREATE INDEX IF NOT EXISTS "IDX_webhook_delivery_deleted_at" ON "webhook_delivery" ("deleted_at") WHERE deleted_at IS NULL;`,
    )
    this.addSql(
      `CREATE UNIQUE INDEX IF NOT EXISTS "IDX_webhook_delivery_original_delivery_id_unique" ON "webhook_delivery" ("original_delivery_id") WHERE deleted_at IS NULL;`,
    )
    this.addSql(
      `CREATE INDEX IF NOT EXISTS "IDX_webhook_delivery_handled_at_next_attempt_at" ON "webhook_delivery" ("handled_at", "next_attempt_at") WHERE deleted_at IS NULL;`,
    )
  }

  override async down(): Promise<void> {
    this.addSql(`drop table if exists "webhook_delivery" cascade;`)
  }
}
