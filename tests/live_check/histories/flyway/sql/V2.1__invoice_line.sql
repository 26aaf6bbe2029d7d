CREATE TABLE IF NOT EXISTS invoice_line (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  invoice_id BIGINT NOT NULL,
  sku TEXT NOT NULL,
  quantity INT NOT NULL CHECK (quantity > 0),
  CONSTRAINT fk_line_invoice FOREIGN KEY (invoice_id) REFERENCES invoice (id) ON DELETE CASCADE
);
CREATE INDEX ix_line_invoice ON invoice_line (invoice_id);
INSERT INTO invoice_line (invoice_id, sku, quantity) SELECT g, 'sku' || g, 1 FROM generate_series(1, 200) g;
