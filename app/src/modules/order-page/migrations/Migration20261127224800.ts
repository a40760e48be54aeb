import { Migration } from '@medusajs/framework/mikro-orm/migrations'

export class Migration20261127224800 extends Migration {
  override async up(): Promise<void> {
    this.addSql(
      `alter table if exists "order_page_link" drop constraint if exists "order_page_link_token_unique";`,
    )
    this.addSql(
      `create table if not exists "order_page_link" ("id" text not null, "token" text not null, "cart_id" text not null, "revoked_at" timestamptz null, "created_at" timestamptz not null default now(), "updated_at" timestamptz not null default now(), "deleted_at" timestamptz null, constraint "order_page_link_pkey" primary key ("id"));`,
    )
    this.addSql(
      `CREATE INDEX IF NOT EXISTS "IDX_order_page_link_deleted_at" ON "order_page_link" ("deleted_at") WHERE deleted_at IS NULL;`,
    )
    this.addSql(
      `CREATE UNIQUE INDEX IF NOT EXISTS "IDX_order_page_link_token_unique" ON "order_page_link" ("token") WHERE deleted_at IS NULL;`,
    )
    this.addSql(
      `CREATE UNIQUE INDEX IF NOT EXISTS "IDX_order_page_link_cart_id_unique" ON "order_page_link" ("cart_id") WHERE revoked_at IS NULL AND deleted_at IS NULL;`,
    )
  }

  override async down(): Promise<void> {
    this.addSql(`drop table if exists "order_page_link" cascade;`)
  }
}
