-- PostgreSQL form; run as sealtape_owner.

-- Each tenant's audit log as a Merkle tree: how large it is, the hashes that are kept of it, and what was signed. The
-- entries themselves stay in audit_outbox, under their place in the tree.
CREATE UNIQUE INDEX audit_outbox_place ON audit_outbox (tenant_id, leaf_index) WHERE leaf_index IS NOT NULL;

-- Found before a tenant is known, so without row security, as architecture.md has it; only the system role may read it.
CREATE TABLE audit_head (
  tenant_id    uuid NOT NULL,
  size         bigint NOT NULL CHECK (size >= 0 AND size < 9007199254740992),
  root         bytea NOT NULL CHECK (octet_length(root) = 32),
  frontier     bytea NOT NULL CHECK (octet_length(frontier) % 32 = 0),
  sequenced_at bigint NOT NULL,
  PRIMARY KEY (tenant_id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id) ON DELETE RESTRICT ON UPDATE RESTRICT
);

CREATE TABLE audit_tile (
  tenant_id uuid NOT NULL,
  level     bigint NOT NULL CHECK (level BETWEEN 0 AND 6),
  number    bigint NOT NULL CHECK (number >= 0),
  hashes    bytea NOT NULL CHECK (octet_length(hashes) % 32 = 0 AND octet_length(hashes) BETWEEN 32 AND 8192),
  PRIMARY KEY (tenant_id, level, number),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id) ON DELETE RESTRICT ON UPDATE RESTRICT
);

CREATE TABLE audit_checkpoint (
  tenant_id uuid NOT NULL,
  size      bigint NOT NULL CHECK (size > 0 AND size < 9007199254740992),
  signed_at bigint NOT NULL,
  root      bytea NOT NULL CHECK (octet_length(root) = 32),
  note      text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, size, signed_at),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id) ON DELETE RESTRICT ON UPDATE RESTRICT
);

SELECT sealtape_protect('audit_tile'), sealtape_protect('audit_checkpoint');

-- A leaf comes without a place: the sequencer gives it, once.
CREATE FUNCTION audit_outbox_waits() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NEW.leaf_index IS NOT NULL THEN
    RAISE EXCEPTION 'audit_outbox rows come without a place';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER audit_outbox_waits BEFORE INSERT ON audit_outbox
FOR EACH ROW EXECUTE FUNCTION audit_outbox_waits();

-- A log only grows -------------------------------------------------------------------------------------------------

CREATE FUNCTION audit_head_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'audit_head rows are kept';
  END IF;
  IF NEW.tenant_id <> OLD.tenant_id OR NEW.size <= OLD.size THEN
    RAISE EXCEPTION 'a log only grows';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER audit_head_guard BEFORE UPDATE OR DELETE ON audit_head
FOR EACH ROW EXECUTE FUNCTION audit_head_guard();

CREATE FUNCTION audit_tile_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'audit_tile rows are kept';
  END IF;
  IF (NEW.tenant_id, NEW.level, NEW.number) IS DISTINCT FROM (OLD.tenant_id, OLD.level, OLD.number)
    OR octet_length(NEW.hashes) <= octet_length(OLD.hashes)
    OR substr(NEW.hashes, 1, octet_length(OLD.hashes)) <> OLD.hashes THEN
    RAISE EXCEPTION 'a tile only grows';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER audit_tile_guard BEFORE UPDATE OR DELETE ON audit_tile
FOR EACH ROW EXECUTE FUNCTION audit_tile_guard();

CREATE FUNCTION audit_checkpoint_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'audit_checkpoint rows are immutable and kept';
END $$;
CREATE TRIGGER audit_checkpoint_guard BEFORE UPDATE OR DELETE ON audit_checkpoint
FOR EACH ROW EXECUTE FUNCTION audit_checkpoint_guard();

-- Whose leaves wait. It runs with its caller's rights: each look is bound to one tenant like any other.
CREATE FUNCTION audit_waiting() RETURNS SETOF uuid LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  candidate uuid;
BEGIN
  FOR candidate IN SELECT t.id FROM public.tenant t ORDER BY t.id LOOP
    PERFORM set_config('app.tenant_id', candidate::text, true);
    IF EXISTS (SELECT 1 FROM public.audit_outbox o WHERE o.tenant_id = candidate AND o.leaf_index IS NULL) THEN
      RETURN NEXT candidate;
    END IF;
  END LOOP;
END $$;
REVOKE ALL ON FUNCTION audit_waiting(), audit_outbox_waits(), audit_head_guard(), audit_tile_guard(),
  audit_checkpoint_guard() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_waiting() TO sealtape_system;

-- Grants: the app role reads the log and adds to its outbox; what makes a tree of it belongs to the system role -------

GRANT SELECT (tenant_id, id, leaf, leaf_index, created_at) ON audit_outbox TO sealtape_app;
GRANT SELECT ON audit_tile, audit_checkpoint TO sealtape_app;

GRANT SELECT (tenant_id, id, leaf, leaf_index), UPDATE (leaf_index) ON audit_outbox TO sealtape_system;
GRANT SELECT (tenant_id, size, root, frontier, sequenced_at), INSERT (tenant_id, size, root, frontier, sequenced_at),
      UPDATE (size, root, frontier, sequenced_at) ON audit_head TO sealtape_system;
GRANT SELECT, INSERT, UPDATE (hashes) ON audit_tile TO sealtape_system;
GRANT SELECT, INSERT ON audit_checkpoint TO sealtape_system;
