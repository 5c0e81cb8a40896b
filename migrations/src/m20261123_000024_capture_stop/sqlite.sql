-- SQLite form; postgres.sql reads like it.

-- Where nothing is captured now: a project, or by the nil id every project of the tenant. A row that is there stops it.
CREATE TABLE capture_stop (
  tenant_id  BLOB NOT NULL CHECK (length(tenant_id) = 16),
  scope      BLOB NOT NULL CHECK (length(scope) = 16),
  stopped_at INTEGER NOT NULL,
  stopped_by BLOB NOT NULL CHECK (length(stopped_by) = 16),
  PRIMARY KEY (tenant_id, scope),
  FOREIGN KEY (tenant_id, stopped_by) REFERENCES member (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT
) STRICT;

CREATE INDEX capture_stop_member ON capture_stop (tenant_id, stopped_by);
