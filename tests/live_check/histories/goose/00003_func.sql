-- +goose Up
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION add_score(p int) RETURNS void AS $$
BEGIN
  UPDATE posts SET score = score + 1 WHERE id = p;
END;
$$ LANGUAGE plpgsql;
-- +goose StatementEnd
SELECT add_score(3);
-- +goose Down
DROP FUNCTION add_score;
