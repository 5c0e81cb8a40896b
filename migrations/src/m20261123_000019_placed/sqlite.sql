-- SQLite form; postgres.sql reads like it.

-- Adding a leaf is part of every act, and each index is one more page to write. The few leaves that wait are looked through;
-- those with a place are found by it.
DROP INDEX audit_outbox_actor;
DROP INDEX audit_outbox_object;
DROP INDEX audit_outbox_act;
CREATE INDEX audit_outbox_actor ON audit_outbox (tenant_id, actor_id, id) WHERE leaf_index IS NOT NULL;
CREATE INDEX audit_outbox_object ON audit_outbox (tenant_id, object_id, id) WHERE leaf_index IS NOT NULL;
CREATE INDEX audit_outbox_act ON audit_outbox (tenant_id, act, id) WHERE leaf_index IS NOT NULL;
