INSERT INTO b (id, a_id, v) SELECT id + 1000, id, v FROM a WHERE id < 10 ON CONFLICT DO NOTHING;
DELETE FROM a USING b WHERE a.id = b.a_id AND b.v = 'nope';
WITH gone AS (DELETE FROM c WHERE id < 5 RETURNING *) INSERT INTO d SELECT id, a_id, v, w, a2, a3 FROM gone;
SELECT * FROM a FOR UPDATE;
SELECT count(*) FROM b JOIN a ON a.id = b.a_id;
MERGE INTO c USING b ON c.id = b.id WHEN MATCHED THEN UPDATE SET v = b.v WHEN NOT MATCHED THEN INSERT (id, v) VALUES (b.id, b.v);
COPY c TO STDOUT;
