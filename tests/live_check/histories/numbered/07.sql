CREATE INDEX idx_logs_at ON logs (at);
CREATE INDEX CONCURRENTLY idx_logs_line ON logs (line);
