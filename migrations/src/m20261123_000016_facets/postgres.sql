-- PostgreSQL form; run as sealtape_owner.

-- What leaves are asked for by. Each is computed from the leaf's own bytes, so that nobody can make an index disagree with
-- what was hashed. What is no leaf has none of them. A leaf is canonical, so its members stand in one order, and holds no
-- quotation mark inside a string; a cast to jsonb would refuse what is no JSON, and hide it.
-- Cut and not matched: six regular expressions were half of what adding a leaf cost.
ALTER TABLE audit_outbox
  ADD COLUMN act         text COLLATE "C" GENERATED ALWAYS AS
    (nullif(split_part(split_part(encode(leaf, 'escape'), '{"act":"', 2), '"', 1), '')) STORED,
  ADD COLUMN actor_id    text COLLATE "C" GENERATED ALWAYS AS
    (nullif(split_part(split_part(encode(leaf, 'escape'), '"actor":{"id":"', 2), '"', 1), '')) STORED,
  -- The kind follows the id: <id>","k":"<kind>".
  ADD COLUMN actor_kind  text COLLATE "C" GENERATED ALWAYS AS
    (nullif(split_part(split_part(encode(leaf, 'escape'), '"actor":{"id":"', 2), '"', 5), '')) STORED,
  ADD COLUMN object_id   text COLLATE "C" GENERATED ALWAYS AS
    (nullif(split_part(split_part(encode(leaf, 'escape'), '"obj":{"id":"', 2), '"', 1), '')) STORED,
  ADD COLUMN object_kind text COLLATE "C" GENERATED ALWAYS AS
    (nullif(split_part(split_part(encode(leaf, 'escape'), '"obj":{"id":"', 2), '"', 5), '')) STORED,
  ADD COLUMN outcome     text COLLATE "C" GENERATED ALWAYS AS
    (nullif(split_part(split_part(encode(leaf, 'escape'), '"out":"', 2), '"', 1), '')) STORED;
CREATE INDEX audit_outbox_actor ON audit_outbox (tenant_id, actor_id, id);
CREATE INDEX audit_outbox_object ON audit_outbox (tenant_id, object_id, id);
CREATE INDEX audit_outbox_act ON audit_outbox (tenant_id, act, id);

-- Logs that the signer refuses to sign, for the processes that are not the signer.
CREATE TABLE audit_alarm (
  tenant_id uuid NOT NULL,
  since     bigint NOT NULL,
  reason    text COLLATE "C" NOT NULL CHECK (reason IN ('shrunk', 'forked', 'changed', 'unsigned')),
  place     bigint CHECK (place >= 0),
  PRIMARY KEY (tenant_id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id) ON DELETE RESTRICT ON UPDATE RESTRICT
);
SELECT sealtape_protect('audit_alarm');

GRANT SELECT (detail_sealed, actor_kind, actor_id, act, object_kind, object_id, outcome) ON audit_outbox TO sealtape_app;
GRANT SELECT ON audit_alarm TO sealtape_app;
GRANT SELECT, INSERT, UPDATE (reason, place), DELETE ON audit_alarm TO sealtape_system;
