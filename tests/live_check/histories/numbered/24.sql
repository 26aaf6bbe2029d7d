CREATE SCHEMA archive;
ALTER TABLE orgs SET SCHEMA archive;
ALTER TABLE archive.orgs SET (autovacuum_enabled = false);
ALTER TABLE archive.orgs SET TABLESPACE pg_default;
ALTER TABLE archive.orgs ALTER COLUMN name SET STORAGE EXTERNAL;
ALTER TABLE archive.orgs CLUSTER ON orgs_pkey;
ALTER TABLE archive.orgs OWNER TO CURRENT_USER;
