-- migrate:up
CREATE TABLE events (id bigint NOT NULL, at timestamptz NOT NULL, kind text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE events_rest PARTITION OF events DEFAULT;
INSERT INTO events SELECT g, '2024-03-01', 'k' FROM generate_series(1,100) g;
CREATE INDEX events_kind ON events (kind);
-- migrate:down
DROP TABLE events;
