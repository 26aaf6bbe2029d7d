CREATE OR REPLACE VIEW rich_accounts AS SELECT id, email FROM account WHERE balance > 1000;
