CREATE INDEX idx_logs_line ON ONLY logs (line);
CREATE INDEX CONCURRENTLY idx_logs_1_line ON logs_1 (line);
ALTER INDEX idx_logs_line ATTACH PARTITION idx_logs_1_line;
