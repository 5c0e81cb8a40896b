-- SQLite form; postgres.sql reads like it.

-- Checkpoints of the deployment's own log that were put where nobody takes them back. Nobody else's log has any.
CREATE TABLE audit_anchored (
  tenant_id   BLOB NOT NULL CHECK (tenant_id = x'00000000000000000000000000000000'),
  epoch       INTEGER NOT NULL CHECK (epoch > 0 AND epoch < 4294967296),
  size        INTEGER NOT NULL CHECK (size > 0 AND size < 9007199254740992),
  anchored_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, epoch, size),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id) ON DELETE RESTRICT ON UPDATE RESTRICT
) STRICT;

CREATE TRIGGER audit_anchored_immutable BEFORE UPDATE ON audit_anchored
BEGIN SELECT RAISE(ABORT, 'audit_anchored rows are immutable'); END;
CREATE TRIGGER audit_anchored_kept BEFORE DELETE ON audit_anchored
BEGIN SELECT RAISE(ABORT, 'audit_anchored rows are kept'); END;

-- A log may also be refused because what was put there says something else.
ALTER TABLE audit_alarm RENAME TO audit_alarm_before;
CREATE TABLE audit_alarm (
  tenant_id BLOB NOT NULL CHECK (length(tenant_id) = 16),
  since     INTEGER NOT NULL,
  reason    TEXT NOT NULL CHECK (reason IN ('shrunk', 'forked', 'changed', 'unsigned', 'anchor')),
  place     INTEGER CHECK (place >= 0),
  PRIMARY KEY (tenant_id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id) ON DELETE RESTRICT ON UPDATE RESTRICT
) STRICT;
INSERT INTO audit_alarm SELECT tenant_id, since, reason, place FROM audit_alarm_before;
DROP TABLE audit_alarm_before;
