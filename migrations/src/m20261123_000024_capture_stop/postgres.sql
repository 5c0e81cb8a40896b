-- PostgreSQL form; run as sealtape_owner.

-- Where nothing is captured now: a project, or by the nil id every project of the tenant. A row that is there stops it.
CREATE TABLE capture_stop (
  tenant_id  uuid NOT NULL,
  scope      uuid NOT NULL,
  stopped_at bigint NOT NULL,
  stopped_by uuid NOT NULL,
  PRIMARY KEY (tenant_id, scope),
  FOREIGN KEY (tenant_id, stopped_by) REFERENCES member (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT
);
CREATE INDEX capture_stop_member ON capture_stop (tenant_id, stopped_by);
SELECT sealtape_protect('capture_stop');

GRANT SELECT, INSERT, DELETE ON capture_stop TO sealtape_app;
