-- What must not be in a whole copy of the shop: each row names what is wrong and how often. Between
-- Medusa's modules there are no foreign keys, so nothing but this looks at these.
-- Links of carts and payments to an order that was never made are no orphans: Medusa leaves them.
SELECT what, n FROM (
  SELECT 'orders without items' AS what, count(*) AS n FROM "order" o
    WHERE deleted_at IS NULL AND NOT is_draft_order AND NOT EXISTS (SELECT FROM order_item i WHERE i.order_id = o.id)
  UNION ALL SELECT 'orders without a summary', count(*) FROM "order" o
    WHERE deleted_at IS NULL AND NOT EXISTS (SELECT FROM order_summary s WHERE s.order_id = o.id)
  UNION ALL SELECT 'order items without their line', count(*) FROM order_item i
    WHERE NOT EXISTS (SELECT FROM order_line_item l WHERE l.id = i.item_id)
  UNION ALL SELECT 'order items without an order', count(*) FROM order_item i
    WHERE NOT EXISTS (SELECT FROM "order" o WHERE o.id = i.order_id)
  UNION ALL SELECT 'orders whose customer is gone', count(*) FROM "order" o
    WHERE deleted_at IS NULL AND customer_id IS NOT NULL AND NOT EXISTS (SELECT FROM customer c WHERE c.id = o.customer_id)
  UNION ALL SELECT 'orders whose payment collection is gone', count(*) FROM "order" o
    JOIN order_payment_collection l ON l.order_id = o.id AND l.deleted_at IS NULL
    WHERE o.deleted_at IS NULL AND NOT EXISTS (SELECT FROM payment_collection p WHERE p.id = l.payment_collection_id)
  UNION ALL SELECT 'payments without a collection', count(*) FROM payment p
    WHERE NOT EXISTS (SELECT FROM payment_collection c WHERE c.id = p.payment_collection_id)
  UNION ALL SELECT 'payment sessions without a collection', count(*) FROM payment_session p
    WHERE NOT EXISTS (SELECT FROM payment_collection c WHERE c.id = p.payment_collection_id)
  UNION ALL SELECT 'captures without a payment', count(*) FROM capture c
    WHERE NOT EXISTS (SELECT FROM payment p WHERE p.id = c.payment_id)
  UNION ALL SELECT 'variants without their product', count(*) FROM product_variant v
    WHERE v.deleted_at IS NULL AND NOT EXISTS (SELECT FROM product p WHERE p.id = v.product_id)
) AS found WHERE n > 0 ORDER BY what
