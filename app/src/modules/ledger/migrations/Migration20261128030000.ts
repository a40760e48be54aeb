import { Migration } from '@medusajs/framework/mikro-orm/migrations'

export class Migration20261128030000 extends Migration {
  override async up(): Promise<void> {
    this.addSql(
      `create table if not exists "btcpay_entry" ("id" text not null, "session_id" text not null, "account" text check ("account" in ('received', 'for_order', 'owed', 'refunded')) not null, "amount" numeric not null, "cause" text not null, "raw_amount" jsonb not null, "created_at" timestamptz not null default now(), "updated_at" timestamptz not null default now(), "deleted_at" timestamptz null, constraint "btcpay_entry_pkey" primary key ("id"));`,
    )
    this.addSql(
      `CREATE INDEX IF NOT EXISTS "IDX_btcpay_entry_deleted_at" ON "btcpay_entry" ("deleted_at") WHERE deleted_at IS NULL;`,
    )
    this.addSql(
      `CREATE INDEX IF NOT EXISTS "IDX_btcpay_entry_session_id" ON "btcpay_entry" ("session_id") WHERE deleted_at IS NULL;`,
    )
    this.addSql(
      `create table if not exists "btcpay_invoice" ("id" text not null, "session_id" text not null, "invoice_id" text null, "cart_id" text null, "order_id" text null, "amount" text not null, "currency" text not null, "state" text not null default 'Asked', "additional_state" text not null default 'None', "paid_amount" text not null default '0', "offered_amount" text not null default '0', "refunded_amount" text not null default '0', "owed_offers" jsonb null, "refund_asked" text null, "outcome" text not null default 'open', "reason" text null, "decided_at" timestamptz null, "checkout_link" text null, "expires_at" timestamptz null, "monitored_until" timestamptz null, "asked_at" timestamptz null, "next_ask_at" timestamptz null, "purchase" jsonb null, "created_at" timestamptz not null default now(), "updated_at" timestamptz not null default now(), "deleted_at" timestamptz null, constraint "btcpay_invoice_pkey" primary key ("id"));`,
    )
    for (const column of ['cart_id', 'order_id', 'next_ask_at', 'outcome'])
      this.addSql(
        `CREATE INDEX IF NOT EXISTS "IDX_btcpay_invoice_${column}" ON "btcpay_invoice" ("${column}") WHERE deleted_at IS NULL;`,
      )
    this.addSql(
      `CREATE INDEX IF NOT EXISTS "IDX_btcpay_invoice_deleted_at" ON "btcpay_invoice" ("deleted_at") WHERE deleted_at IS NULL;`,
    )
    this.addSql(
      `CREATE UNIQUE INDEX IF NOT EXISTS "IDX_btcpay_invoice_session_id_unique" ON "btcpay_invoice" ("session_id") WHERE deleted_at IS NULL;`,
    )
    this.addSql(
      `CREATE UNIQUE INDEX IF NOT EXISTS "IDX_btcpay_invoice_invoice_id_unique" ON "btcpay_invoice" ("invoice_id") WHERE invoice_id IS NOT NULL AND deleted_at IS NULL;`,
    )
    // Entries are only added, whoever asks.
    this.addSql(`create or replace function btcpay_entry_stays() returns trigger language plpgsql as $$
begin
  raise exception 'entries of btcpay_entry are only added';
end $$;`)
    this.addSql(
      `create trigger btcpay_entry_stays before update or delete on "btcpay_entry" for each row execute function btcpay_entry_stays();`,
    )
    // At the end of each transaction the accounts of what it changed balance.
    this.addSql(`create or replace function btcpay_entry_balances() returns trigger language plpgsql as $$
declare
  difference numeric;
begin
  select coalesce(sum(case when account = 'received' then amount else -amount end), 0) into difference
    from btcpay_entry where session_id = new.session_id and deleted_at is null;
  if difference <> 0 then
    raise exception 'the entries of payment % do not balance: % is left over', new.session_id, difference;
  end if;
  return null;
end $$;`)
    this.addSql(
      `create constraint trigger btcpay_entry_balances after insert on "btcpay_entry" deferrable initially deferred for each row execute function btcpay_entry_balances();`,
    )
  }

  override async down(): Promise<void> {
    this.addSql(`drop table if exists "btcpay_entry" cascade;`)
    this.addSql(`drop table if exists "btcpay_invoice" cascade;`)
    this.addSql(`drop function if exists btcpay_entry_stays, btcpay_entry_balances;`)
  }
}
