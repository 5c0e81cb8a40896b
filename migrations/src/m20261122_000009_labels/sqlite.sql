-- SQLite form; postgres.sql reads like it.

-- Where a project runs, in the tenant's words; a session takes its project's.
ALTER TABLE project ADD COLUMN environment TEXT;
ALTER TABLE session ADD COLUMN environment TEXT;
-- What a page claims about its visitor opens nothing to anybody: only what the tenant vouched for does.
ALTER TABLE session ADD COLUMN subject_verified INTEGER NOT NULL DEFAULT 0 CHECK (subject_verified IN (0, 1));

CREATE TABLE session_label (
  tenant_id  BLOB NOT NULL CHECK (length(tenant_id) = 16),
  session_id BLOB NOT NULL CHECK (length(session_id) = 16),
  id         BLOB NOT NULL CHECK (length(id) = 16),
  token      BLOB NOT NULL,
  sealed     BLOB NOT NULL,
  generation INTEGER NOT NULL,
  created_by BLOB NOT NULL CHECK (length(created_by) = 16),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, session_id, id),
  UNIQUE (tenant_id, session_id, token),
  FOREIGN KEY (tenant_id, session_id) REFERENCES session (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  FOREIGN KEY (tenant_id, session_id, generation) REFERENCES session_key (tenant_id, session_id, generation) ON DELETE RESTRICT ON UPDATE RESTRICT,
  FOREIGN KEY (tenant_id, created_by) REFERENCES member (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (length(token) = 32)
) STRICT;

CREATE INDEX session_label_token ON session_label (tenant_id, token, session_id);
CREATE INDEX session_label_member ON session_label (tenant_id, created_by);
