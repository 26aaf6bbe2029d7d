ALTER TABLE invoice ADD COLUMN currency CHAR(3) NOT NULL DEFAULT 'EUR';
ALTER TABLE invoice ADD COLUMN token UUID NOT NULL DEFAULT gen_random_uuid();
UPDATE invoice SET status = 'paid' WHERE status IS NULL;
ALTER TABLE invoice ALTER COLUMN status SET NOT NULL;
