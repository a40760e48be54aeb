import { Migration } from '@medusajs/framework/mikro-orm/migrations'

export class Migration20261125014500 extends Migration {
  override async up(): Promise<void> {
    this.addSql(
      `alter table if exists "mail_message" drop constraint if exists "mail_message_key_unique";`,
    )
    this.addSql(
      `create table if not exists "mail_message" ("id" text not null, "key" text not null, "kind" text not null, "recipient" text not null, "subject" text not null, "html" text null, "text" text null, "attempts" integer not null default 0, "next_attempt_at" timestamptz not null, "useless_after" timestamptz null, "sent_at" timestamptz null, "given_up_at" timestamptz null, "last_error" text null, "created_at" timestamptz not null default now(), "updated_at" timestamptz not null default now(), "deleted_at" timestamptz null, constraint "mail_message_pkey" primary key ("id"));`,
    )
    this.addSql(
      `CREATE INDEX IF NOT EXISTS "IDX_mail_message_deleted_at" ON "mail_message" ("deleted_at") WHERE deleted_at IS NULL;`,
    )
    this.addSql(
      `CREATE UNIQUE INDEX IF NOT EXISTS "IDX_mail_message_key_unique" ON "mail_message" ("key") WHERE deleted_at IS NULL;`,
    )
    this.addSql(
      `CREATE INDEX IF NOT EXISTS "IDX_mail_message_sent_at_given_up_at_next_attempt_at" ON "mail_message" ("sent_at", "given_up_at", "next_attempt_at") WHERE deleted_at IS NULL;`,
    )
  }

  override async down(): Promise<void> {
    this.addSql(`drop table if exists "mail_message" cascade;`)
  }
}
