CREATE TABLE tags (id int PRIMARY KEY, label text);
CREATE TABLE order_tags (order_id bigint REFERENCES orders, tag_id int REFERENCES tags, PRIMARY KEY (order_id, tag_id));
ALTER TABLE tags ADD COLUMN label text;
