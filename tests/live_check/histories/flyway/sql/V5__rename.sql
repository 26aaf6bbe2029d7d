ALTER TABLE account RENAME COLUMN display_name TO full_name;
ALTER TABLE invoice RENAME TO bill;
