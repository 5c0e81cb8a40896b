-- PostgreSQL form; run as sealtape_owner.

-- Adding a leaf is part of every act. Half of what it cost was preparing six generated columns anew for each statement, and
-- entries of three indices that were all written once more when the leaf got its place.

-- What a leaf is asked for by is still taken from its own bytes, whatever the row comes with, now by the trigger that every
-- row passes anyway. What is no leaf has none of it. A leaf is canonical: its members stand in one order, no string in it has
-- a quotation mark, and only "d" may be missing, which comes before "obj".
ALTER TABLE audit_outbox
  ALTER COLUMN act DROP EXPRESSION, ALTER COLUMN actor_id DROP EXPRESSION, ALTER COLUMN actor_kind DROP EXPRESSION,
  ALTER COLUMN object_id DROP EXPRESSION, ALTER COLUMN object_kind DROP EXPRESSION, ALTER COLUMN outcome DROP EXPRESSION;
DROP TRIGGER audit_outbox_waits ON audit_outbox;
DROP FUNCTION audit_outbox_waits();
CREATE FUNCTION audit_outbox_added() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  part text[] := string_to_array(encode(NEW.leaf, 'escape'), '"');
  object int;
BEGIN
  -- A leaf comes without a place: the sequencer gives it, once.
  IF NEW.leaf_index IS NOT NULL THEN
    RAISE EXCEPTION 'audit_outbox rows come without a place';
  END IF;
  IF part[1] = '{' AND part[2] = 'act' AND part[6] = 'actor' THEN
    object := array_position(part, 'obj', 19);
    NEW.act := nullif(part[4], '');
    NEW.actor_id := nullif(part[10], '');
    NEW.actor_kind := nullif(part[14], '');
    NEW.object_id := nullif(part[object + 4], '');
    NEW.object_kind := nullif(part[object + 8], '');
    NEW.outcome := nullif(part[object + 12], '');
  ELSE
    NEW.act := NULL;
    NEW.actor_id := NULL;
    NEW.actor_kind := NULL;
    NEW.object_id := NULL;
    NEW.object_kind := NULL;
    NEW.outcome := NULL;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER audit_outbox_added BEFORE INSERT ON audit_outbox
FOR EACH ROW EXECUTE FUNCTION audit_outbox_added();

-- The same guard as before; its condition is looked at without a call for each row that gets its place.
DROP TRIGGER audit_outbox_guard ON audit_outbox;
DROP FUNCTION audit_outbox_guard();
CREATE FUNCTION audit_outbox_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'audit_outbox rows are %', CASE TG_OP WHEN 'DELETE' THEN 'kept' ELSE 'immutable' END;
END $$;
CREATE TRIGGER audit_outbox_kept BEFORE DELETE ON audit_outbox
FOR EACH ROW EXECUTE FUNCTION audit_outbox_guard();
CREATE TRIGGER audit_outbox_immutable AFTER UPDATE ON audit_outbox
FOR EACH ROW WHEN (
  OLD.leaf_index IS NOT NULL
  OR (NEW.tenant_id, NEW.id, NEW.leaf, NEW.detail_sealed, NEW.created_at)
    IS DISTINCT FROM (OLD.tenant_id, OLD.id, OLD.leaf, OLD.detail_sealed, OLD.created_at)
  OR (NEW.act, NEW.actor_id, NEW.actor_kind, NEW.object_id, NEW.object_kind, NEW.outcome)
    IS DISTINCT FROM (OLD.act, OLD.actor_id, OLD.actor_kind, OLD.object_id, OLD.object_kind, OLD.outcome))
EXECUTE FUNCTION audit_outbox_guard();
REVOKE ALL ON FUNCTION audit_outbox_added(), audit_outbox_guard() FROM PUBLIC;

-- The few leaves that wait are looked through; those with a place are found by it.
DROP INDEX audit_outbox_actor, audit_outbox_object, audit_outbox_act;
CREATE INDEX audit_outbox_actor ON audit_outbox (tenant_id, actor_id, id) WHERE leaf_index IS NOT NULL;
CREATE INDEX audit_outbox_object ON audit_outbox (tenant_id, object_id, id) WHERE leaf_index IS NOT NULL;
CREATE INDEX audit_outbox_act ON audit_outbox (tenant_id, act, id) WHERE leaf_index IS NOT NULL;
