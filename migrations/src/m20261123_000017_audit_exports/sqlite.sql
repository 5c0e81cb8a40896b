-- SQLite form; postgres.sql reads like it.

-- What of the audit log somebody wants to take out: a filter and the size of a signed checkpoint. The file is made for each
-- download and kept nowhere.
CREATE TABLE audit_export (
  tenant_id  BLOB NOT NULL CHECK (length(tenant_id) = 16),
  id         BLOB NOT NULL CHECK (length(id) = 16),
  format     TEXT NOT NULL CHECK (format IN ('log', 'ocsf', 'csv')),
  filter     TEXT CHECK (length(filter) <= 1024),
  size       INTEGER NOT NULL CHECK (size > 0 AND size < 9007199254740992),
  state      TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'ready', 'failed', 'cancelled')),
  done       INTEGER NOT NULL CHECK (done BETWEEN 0 AND size),
  entries    INTEGER NOT NULL CHECK (entries BETWEEN 0 AND done),
  bytes      INTEGER NOT NULL CHECK (bytes >= 0),
  problem    TEXT,
  created_at INTEGER NOT NULL,
  member_id  BLOB NOT NULL CHECK (length(member_id) = 16),
  expires_at INTEGER NOT NULL CHECK (expires_at > created_at),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK ((problem IS NOT NULL) = (state = 'failed')),
  CHECK (state <> 'ready' OR done = size)
) STRICT;

CREATE INDEX audit_export_member ON audit_export (tenant_id, member_id);
