-- PostgreSQL form; run as sealtape_owner.

-- What of the audit log somebody wants to take out: a filter and the size of a signed checkpoint. The file is made for each
-- download and kept nowhere.
CREATE TABLE audit_export (
  tenant_id  uuid NOT NULL,
  id         uuid NOT NULL,
  format     text COLLATE "C" NOT NULL CHECK (format IN ('log', 'ocsf', 'csv')),
  filter     text COLLATE "C" CHECK (octet_length(filter) <= 1024),
  size       bigint NOT NULL CHECK (size > 0 AND size < 9007199254740992),
  state      text COLLATE "C" NOT NULL CHECK (state IN ('waiting', 'running', 'ready', 'failed', 'cancelled')),
  done       bigint NOT NULL CHECK (done BETWEEN 0 AND size),
  entries    bigint NOT NULL CHECK (entries BETWEEN 0 AND done),
  bytes      bigint NOT NULL CHECK (bytes >= 0),
  problem    text COLLATE "C",
  created_at bigint NOT NULL,
  member_id  uuid NOT NULL,
  expires_at bigint NOT NULL CHECK (expires_at > created_at),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK ((problem IS NOT NULL) = (state = 'failed')),
  CHECK (state <> 'ready' OR done = size)
);

CREATE INDEX audit_export_member ON audit_export (tenant_id, member_id);

SELECT sealtape_protect('audit_export');

GRANT SELECT, INSERT, DELETE ON audit_export TO sealtape_app;
GRANT UPDATE (state, done, entries, bytes, problem) ON audit_export TO sealtape_app;
