-- SQLite form; postgres.sql reads like it.

-- Who took which session out. The file is made for each download and kept nowhere; its key follows from the session's.
CREATE TABLE session_export (
  tenant_id        BLOB NOT NULL CHECK (length(tenant_id) = 16),
  id               BLOB NOT NULL CHECK (length(id) = 16),
  session_id       BLOB NOT NULL CHECK (length(session_id) = 16),
  generation       INTEGER NOT NULL,
  member_id        BLOB NOT NULL CHECK (length(member_id) = 16),
  purpose          TEXT NOT NULL,
  created_at       INTEGER NOT NULL,
  expires_at       INTEGER NOT NULL CHECK (expires_at > created_at AND expires_at <= created_at + 86400000000),
  downloads        INTEGER NOT NULL DEFAULT 0 CHECK (downloads >= 0),
  last_download_at INTEGER CHECK ((last_download_at IS NULL) = (downloads = 0)),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, session_id) REFERENCES session (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  FOREIGN KEY (tenant_id, session_id, generation) REFERENCES session_key (tenant_id, session_id, generation) ON DELETE RESTRICT ON UPDATE RESTRICT,
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (purpose IN ('debugging', 'support', 'security-incident', 'data-request', 'legal', 'quality'))
) STRICT;

CREATE INDEX session_export_session ON session_export (tenant_id, session_id, id);
CREATE INDEX session_export_member ON session_export (tenant_id, member_id);
