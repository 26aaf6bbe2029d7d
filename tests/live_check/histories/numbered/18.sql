UPDATE users u SET org_id = o.id FROM orgs o WHERE o.name = u.name;
DELETE FROM orders WHERE placed_at < now() - interval '1 year';
INSERT INTO orgs (id, name) VALUES (100, 'x'), (101, 'y');
