CREATE OR REPLACE VIEW invoice AS SELECT * FROM bill;
CREATE MATERIALIZED VIEW account_totals AS
  SELECT a.id, a.email, sum(b.amount) AS total FROM account a JOIN bill b ON b.account_id = a.id GROUP BY a.id, a.email;
CREATE UNIQUE INDEX ux_account_totals ON account_totals (id);
