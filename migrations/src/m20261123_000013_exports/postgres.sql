-- PostgreSQL form; run as sealtape_owner.

-- Who took which session out. The file is made for each download and kept nowhere; its key follows from the session's.
CREATE TABLE session_export (
  tenant_id        uuid NOT NULL,
  id               uuid NOT NULL,
  session_id       uuid NOT NULL,
  generation       bigint NOT NULL,
  member_id        uuid NOT NULL,
  purpose          text COLLATE "C" NOT NULL,
  created_at       bigint NOT NULL,
  expires_at       bigint NOT NULL CHECK (expires_at > created_at AND expires_at <= created_at + 86400000000),
  downloads        bigint NOT NULL DEFAULT 0 CHECK (downloads >= 0),
  last_download_at bigint CHECK ((last_download_at IS NULL) = (downloads = 0)),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, session_id) REFERENCES session (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  FOREIGN KEY (tenant_id, session_id, generation) REFERENCES session_key (tenant_id, session_id, generation) ON DELETE RESTRICT ON UPDATE RESTRICT,
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (purpose IN ('debugging', 'support', 'security-incident', 'data-request', 'legal', 'quality'))
);

CREATE INDEX session_export_session ON session_export (tenant_id, session_id, id);
CREATE INDEX session_export_member ON session_export (tenant_id, member_id);

SELECT sealtape_protect('session_export');

GRANT SELECT, INSERT ON session_export TO sealtape_app;
GRANT UPDATE (downloads, last_download_at) ON session_export TO sealtape_app;
