ALTER TABLE orders ADD COLUMN code text DEFAULT md5(random()::text);
ALTER TABLE orders ADD COLUMN ts timestamptz DEFAULT now();
ALTER TABLE orders ADD COLUMN ts2 timestamptz DEFAULT clock_timestamp();
ALTER TABLE orders ADD COLUMN doc text DEFAULT current_user;
ALTER TABLE orders ADD COLUMN arr int[] DEFAULT ARRAY[1,2];
