CREATE TABLE account (
  id BIGSERIAL PRIMARY KEY,
  email VARCHAR(120) NOT NULL,
  display_name VARCHAR(80),
  balance NUMERIC(12,2) NOT NULL DEFAULT 0,
  created_at TIMESTAMP NOT NULL DEFAULT now()
);
CREATE TABLE invoice (
  id BIGSERIAL PRIMARY KEY,
  account_id BIGINT NOT NULL REFERENCES account(id),
  number VARCHAR(30) NOT NULL,
  amount INTEGER NOT NULL,
  status VARCHAR(20) DEFAULT 'open'
);
CREATE INDEX ix_invoice_account ON invoice(account_id);
INSERT INTO account (email, display_name) SELECT 'u' || g || '@example.org', 'User ' || g FROM generate_series(1, 50) g;
INSERT INTO invoice (account_id, number, amount) SELECT 1 + g % 50, 'N' || g, g FROM generate_series(1, 200) g;
