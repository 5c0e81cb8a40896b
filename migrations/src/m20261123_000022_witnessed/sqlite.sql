-- SQLite form; postgres.sql reads like it.

-- What outside witnesses signed of the deployment's own log, whose entries are the checkpoints of all tenants' logs. Nobody
-- else's log has any.
CREATE TABLE audit_witnessed (
  tenant_id    BLOB NOT NULL CHECK (tenant_id = x'00000000000000000000000000000000'),
  size         INTEGER NOT NULL CHECK (size > 0 AND size < 9007199254740992),
  witnessed_at INTEGER NOT NULL,
  witnesses    INTEGER NOT NULL CHECK (witnesses > 0),
  note         TEXT NOT NULL,
  PRIMARY KEY (tenant_id, size, witnessed_at),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id) ON DELETE RESTRICT ON UPDATE RESTRICT
) STRICT;

CREATE TRIGGER audit_witnessed_immutable BEFORE UPDATE ON audit_witnessed
BEGIN SELECT RAISE(ABORT, 'audit_witnessed rows are immutable'); END;
CREATE TRIGGER audit_witnessed_kept BEFORE DELETE ON audit_witnessed
BEGIN SELECT RAISE(ABORT, 'audit_witnessed rows are kept'); END;
