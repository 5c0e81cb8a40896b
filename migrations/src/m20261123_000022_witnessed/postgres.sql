-- PostgreSQL form; run as sealtape_owner.

-- What outside witnesses signed of the deployment's own log, whose entries are the checkpoints of all tenants' logs. Nobody
-- else's log has any.
CREATE TABLE audit_witnessed (
  tenant_id    uuid NOT NULL CHECK (tenant_id = '00000000-0000-0000-0000-000000000000'),
  size         bigint NOT NULL CHECK (size > 0 AND size < 9007199254740992),
  witnessed_at bigint NOT NULL,
  witnesses    bigint NOT NULL CHECK (witnesses > 0),
  note         text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, size, witnessed_at),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id) ON DELETE RESTRICT ON UPDATE RESTRICT
);
SELECT sealtape_protect('audit_witnessed');

CREATE FUNCTION audit_witnessed_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'audit_witnessed rows are immutable and kept';
END $$;
CREATE TRIGGER audit_witnessed_guard BEFORE UPDATE OR DELETE ON audit_witnessed
FOR EACH ROW EXECUTE FUNCTION audit_witnessed_guard();
REVOKE ALL ON FUNCTION audit_witnessed_guard() FROM PUBLIC;

GRANT SELECT ON audit_witnessed TO sealtape_app;
GRANT SELECT, INSERT ON audit_witnessed TO sealtape_system;
