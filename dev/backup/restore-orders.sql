-- Orders :first to :last as the shop leaves them after payment, each with its rows in ten tables and about as
-- many bytes as real ones; one a minute up to :newest.
-- Rows are made in an order that no foreign key minds; looking each up would take half of the time.
SET session_replication_role = replica;
CREATE TEMP TABLE made AS
  SELECT i, 'order_' || i AS id, 1 + i % 5000 AS customer, 1 + i % 120 AS variant, 5 + i % 90 AS amount,
    md5('invoice' || i) AS invoice, :'newest'::timestamptz - (:last - i) * interval '1 minute' AS at
  FROM generate_series(:first::int, :last::int) i;
CREATE FUNCTION pg_temp.raw(n numeric) RETURNS jsonb LANGUAGE sql IMMUTABLE AS
  $$ SELECT jsonb_build_object('value', n::text, 'precision', 20) $$;
INSERT INTO cart (id, customer_id, email, currency_code, completed_at, created_at)
  SELECT 'cart_' || i, 'cus_' || customer, 'visitor' || customer || '@example.org', 'eur', at, at FROM made;
INSERT INTO order_address (id, first_name, last_name, address_1, city, country_code, postal_code, created_at)
  SELECT 'ordaddr_' || i, 'Ada', 'Lovelace', 'Analytical Way ' || i, 'Berlin', 'de', '10115', at FROM made;
INSERT INTO "order" (id, region_id, customer_id, sales_channel_id, email, currency_code, shipping_address_id, created_at)
  SELECT id, 'reg_1', 'cus_' || customer, 'sc_1', 'visitor' || customer || '@example.org', 'eur', 'ordaddr_' || i, at FROM made;
INSERT INTO order_line_item (id, title, subtitle, variant_id, product_id, product_title, product_description, product_handle,
    variant_sku, variant_title, unit_price, raw_unit_price, metadata, created_at)
  SELECT 'ordli_' || i, 'Erlenmeyer flask', variant || ' ml', 'variant_' || variant, 'prod_' || variant % 40 + 1, 'Erlenmeyer flask',
    'The conical flask for swirling without spilling. A beaded rim survives the sink, and the scale stays readable.',
    'flask-' || variant, 'RR-FLASK-' || variant, variant || ' ml', amount, pg_temp.raw(amount), '{}', at FROM made;
INSERT INTO order_item (id, order_id, version, item_id, quantity, raw_quantity, fulfilled_quantity, shipped_quantity,
    return_requested_quantity, return_received_quantity, return_dismissed_quantity, written_off_quantity, metadata, created_at)
  SELECT 'orditem_' || i, id, 1, 'ordli_' || i, 1, pg_temp.raw(1), 0, 0, 0, 0, 0, 0, '{}', at FROM made;
INSERT INTO order_summary (id, order_id, version, totals, created_at)
  SELECT 'ordsum_' || i, id, 1, jsonb_build_object('paid_total', amount, 'raw_paid_total', pg_temp.raw(amount), 'refunded_total', 0,
    'accounting_total', amount, 'transaction_total', amount, 'pending_difference', 0, 'raw_accounting_total', pg_temp.raw(amount),
    'current_order_total', amount, 'raw_current_order_total', pg_temp.raw(amount), 'original_order_total', amount), at FROM made;
INSERT INTO payment_collection (id, currency_code, amount, raw_amount, status, completed_at, created_at)
  SELECT 'pay_col_' || i, 'eur', amount, pg_temp.raw(amount), 'completed', at, at FROM made;
INSERT INTO payment_session (id, currency_code, amount, raw_amount, provider_id, data, status, payment_collection_id, authorized_at, created_at)
  SELECT 'payses_' || i, 'eur', amount, pg_temp.raw(amount), 'pp_btcpay_btcpay', jsonb_build_object('amount', amount, 'currency', 'EUR',
    'invoice_id', invoice, 'checkout_link', 'https://btcpay.example.org/i/' || invoice), 'authorized', 'pay_col_' || i, at, at FROM made;
INSERT INTO payment (id, amount, raw_amount, currency_code, provider_id, data, payment_collection_id, payment_session_id, captured_at, created_at)
  SELECT 'pay_' || i, amount, pg_temp.raw(amount), 'eur', 'pp_btcpay_btcpay', jsonb_build_object('order_id', id, 'invoice_id', invoice),
    'pay_col_' || i, 'payses_' || i, at, at FROM made;
INSERT INTO capture (id, amount, raw_amount, payment_id, created_at) SELECT 'capt_' || i, amount, pg_temp.raw(amount), 'pay_' || i, at FROM made;
INSERT INTO order_transaction (id, order_id, amount, raw_amount, currency_code, reference, reference_id, created_at)
  SELECT 'ordtrx_' || i, id, amount, pg_temp.raw(amount), 'eur', 'capture', 'capt_' || i, at FROM made;
INSERT INTO order_payment_collection (order_id, payment_collection_id, id, created_at) SELECT id, 'pay_col_' || i, 'ordpay_' || i, at FROM made;
INSERT INTO order_cart (order_id, cart_id, id, created_at) SELECT id, 'cart_' || i, 'ordcart_' || i, at FROM made;
