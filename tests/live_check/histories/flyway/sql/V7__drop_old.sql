DROP INDEX ix_invoice_account;
CREATE INDEX ix_bill_account ON bill (account_id);
ALTER TABLE account DROP COLUMN full_name;
