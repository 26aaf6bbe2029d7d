CREATE TABLE a (id int PRIMARY KEY, v text);
CREATE TABLE b (id int PRIMARY KEY, a_id int REFERENCES a, v text, w text);
INSERT INTO a SELECT g, 'x' FROM generate_series(1,100) g; INSERT INTO b SELECT g, g, 'x', 'y' FROM generate_series(1,100) g;
