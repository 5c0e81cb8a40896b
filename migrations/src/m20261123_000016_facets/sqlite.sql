-- SQLite form; postgres.sql reads like it.

-- What leaves are asked for by. Each is computed from the leaf's own bytes, so that nobody can make an index disagree with
-- what was hashed. What is no leaf has none of them.
ALTER TABLE audit_outbox ADD COLUMN actor_kind TEXT
  GENERATED ALWAYS AS (CASE WHEN json_valid(CAST(leaf AS TEXT)) THEN json_extract(CAST(leaf AS TEXT), '$.actor.k') END) VIRTUAL;
ALTER TABLE audit_outbox ADD COLUMN actor_id TEXT
  GENERATED ALWAYS AS (CASE WHEN json_valid(CAST(leaf AS TEXT)) THEN json_extract(CAST(leaf AS TEXT), '$.actor.id') END) VIRTUAL;
ALTER TABLE audit_outbox ADD COLUMN act TEXT
  GENERATED ALWAYS AS (CASE WHEN json_valid(CAST(leaf AS TEXT)) THEN json_extract(CAST(leaf AS TEXT), '$.act') END) VIRTUAL;
ALTER TABLE audit_outbox ADD COLUMN object_kind TEXT
  GENERATED ALWAYS AS (CASE WHEN json_valid(CAST(leaf AS TEXT)) THEN json_extract(CAST(leaf AS TEXT), '$.obj.k') END) VIRTUAL;
ALTER TABLE audit_outbox ADD COLUMN object_id TEXT
  GENERATED ALWAYS AS (CASE WHEN json_valid(CAST(leaf AS TEXT)) THEN json_extract(CAST(leaf AS TEXT), '$.obj.id') END) VIRTUAL;
ALTER TABLE audit_outbox ADD COLUMN outcome TEXT
  GENERATED ALWAYS AS (CASE WHEN json_valid(CAST(leaf AS TEXT)) THEN json_extract(CAST(leaf AS TEXT), '$.out') END) VIRTUAL;
CREATE INDEX audit_outbox_actor ON audit_outbox (tenant_id, actor_id, id);
CREATE INDEX audit_outbox_object ON audit_outbox (tenant_id, object_id, id);
CREATE INDEX audit_outbox_act ON audit_outbox (tenant_id, act, id);

-- Logs that the signer refuses to sign, for the processes that are not the signer.
CREATE TABLE audit_alarm (
  tenant_id BLOB NOT NULL CHECK (length(tenant_id) = 16),
  since     INTEGER NOT NULL,
  reason    TEXT NOT NULL CHECK (reason IN ('shrunk', 'forked', 'changed', 'unsigned')),
  place     INTEGER CHECK (place >= 0),
  PRIMARY KEY (tenant_id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id) ON DELETE RESTRICT ON UPDATE RESTRICT
) STRICT;
