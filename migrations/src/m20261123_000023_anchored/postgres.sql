-- PostgreSQL form; run as sealtape_owner.

-- Checkpoints of the deployment's own log that were put where nobody takes them back. Nobody else's log has any.
CREATE TABLE audit_anchored (
  tenant_id   uuid NOT NULL CHECK (tenant_id = '00000000-0000-0000-0000-000000000000'),
  epoch       bigint NOT NULL CHECK (epoch > 0 AND epoch < 4294967296),
  size        bigint NOT NULL CHECK (size > 0 AND size < 9007199254740992),
  anchored_at bigint NOT NULL,
  PRIMARY KEY (tenant_id, epoch, size),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id) ON DELETE RESTRICT ON UPDATE RESTRICT
);
SELECT sealtape_protect('audit_anchored');

CREATE FUNCTION audit_anchored_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'audit_anchored rows are immutable and kept';
END $$;
CREATE TRIGGER audit_anchored_guard BEFORE UPDATE OR DELETE ON audit_anchored
FOR EACH ROW EXECUTE FUNCTION audit_anchored_guard();
REVOKE ALL ON FUNCTION audit_anchored_guard() FROM PUBLIC;

GRANT SELECT ON audit_anchored TO sealtape_app;
GRANT SELECT, INSERT ON audit_anchored TO sealtape_system;

-- A log may also be refused because what was put there says something else.
ALTER TABLE audit_alarm DROP CONSTRAINT audit_alarm_reason_check;
ALTER TABLE audit_alarm ADD CONSTRAINT audit_alarm_reason_check
  CHECK (reason IN ('shrunk', 'forked', 'changed', 'unsigned', 'anchor'));
