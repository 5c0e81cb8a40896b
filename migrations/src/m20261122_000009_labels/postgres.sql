-- PostgreSQL form; run as sealtape_owner.

-- Where a project runs, in the tenant's words; a session takes its project's.
ALTER TABLE project ADD COLUMN environment text COLLATE "C";
ALTER TABLE session ADD COLUMN environment text COLLATE "C";
-- What a page claims about its visitor opens nothing to anybody: only what the tenant vouched for does.
ALTER TABLE session ADD COLUMN subject_verified boolean NOT NULL DEFAULT false;

CREATE TABLE session_label (
  tenant_id  uuid NOT NULL,
  session_id uuid NOT NULL,
  id         uuid NOT NULL,
  token      bytea NOT NULL,
  sealed     bytea NOT NULL,
  generation bigint NOT NULL,
  created_by uuid NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (tenant_id, session_id, id),
  UNIQUE (tenant_id, session_id, token),
  FOREIGN KEY (tenant_id, session_id) REFERENCES session (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  FOREIGN KEY (tenant_id, session_id, generation) REFERENCES session_key (tenant_id, session_id, generation) ON DELETE RESTRICT ON UPDATE RESTRICT,
  FOREIGN KEY (tenant_id, created_by) REFERENCES member (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (octet_length(token) = 32)
);

CREATE INDEX session_label_token ON session_label (tenant_id, token, session_id);
CREATE INDEX session_label_member ON session_label (tenant_id, created_by);

SELECT sealtape_protect('session_label');

GRANT UPDATE (environment) ON project TO sealtape_app;
GRANT SELECT, INSERT, DELETE ON session_label TO sealtape_app;
