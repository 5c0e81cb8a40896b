-- PostgreSQL form of the identity tables; run as sealtape_owner.

-- A tenant that is not ready counts as absent everywhere: the transaction that makes its keys and first members sets it.
ALTER TABLE tenant ADD COLUMN ready boolean NOT NULL DEFAULT true;

-- Where a sign-in came from: a MAC to compare with, and the sealed words to show to its owner.
ALTER TABLE login ADD COLUMN place_mac bytea CHECK (octet_length(place_mac) = 32);
ALTER TABLE login ADD COLUMN place_sealed bytea;

CREATE TABLE invitation (
  tenant_id     uuid NOT NULL,
  id            uuid NOT NULL,
  person_key_id uuid NOT NULL,
  email_sealed  bytea NOT NULL,
  email_hash    bytea NOT NULL,
  token_hash    bytea NOT NULL,
  roles         text COLLATE "C" NOT NULL,
  invited_by    uuid NOT NULL,
  state         text COLLATE "C" NOT NULL,
  created_at    bigint NOT NULL,
  sent_at       bigint NOT NULL,
  expires_at    bigint NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, person_key_id) REFERENCES person_key (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  FOREIGN KEY (tenant_id, invited_by) REFERENCES member (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (octet_length(email_hash) = 32 AND octet_length(token_hash) = 32),
  CHECK (state IN ('pending', 'accepted', 'withdrawn'))
);

-- Grows with every change of the password, and not when the same one is hashed anew: what a password proved ends with it.
ALTER TABLE member ADD COLUMN password_epoch bigint NOT NULL DEFAULT 1 CHECK (password_epoch >= 1);

CREATE TABLE password_reset (
  tenant_id  uuid NOT NULL,
  id         uuid NOT NULL,
  member_id  uuid NOT NULL,
  token_hash bytea NOT NULL,
  password_epoch bigint NOT NULL CHECK (password_epoch >= 1),
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  used_at    bigint,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (octet_length(token_hash) = 32)
);

CREATE TABLE api_key (
  tenant_id    uuid NOT NULL,
  id           uuid NOT NULL,
  member_id    uuid NOT NULL,
  name         text COLLATE "C" NOT NULL,
  key_hash     bytea NOT NULL,
  scopes       text COLLATE "C" NOT NULL,
  project_id   uuid,
  networks     text COLLATE "C" NOT NULL,
  created_at   bigint NOT NULL,
  expires_at   bigint NOT NULL,
  last_used_at bigint,
  revoked_at   bigint,
  reminded     bigint NOT NULL DEFAULT 0 CHECK (reminded BETWEEN 0 AND 2),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  FOREIGN KEY (tenant_id, project_id) REFERENCES project (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (octet_length(key_hash) = 32),
  CHECK (expires_at > created_at)
);

-- Rows of the deployment: an attempt comes before a tenant is known.
CREATE TABLE attempt (
  tenant_id uuid NOT NULL,
  kind      text COLLATE "C" NOT NULL,
  key       bytea NOT NULL,
  tat       bigint NOT NULL,
  PRIMARY KEY (tenant_id, kind, key),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (octet_length(key) = 32),
  CHECK (tenant_id = '00000000-0000-0000-0000-000000000000')
);

-- Rows of the deployment: no tenant may read which other tenants a person of theirs belongs to.
CREATE TABLE membership_proof (
  tenant_id       uuid NOT NULL,
  login_id        uuid NOT NULL,
  of_tenant       uuid NOT NULL,
  member_id       uuid NOT NULL,
  password_digest bytea NOT NULL,
  expires_at      bigint NOT NULL,
  PRIMARY KEY (tenant_id, login_id, of_tenant),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (octet_length(password_digest) = 32),
  CHECK (tenant_id = '00000000-0000-0000-0000-000000000000')
);

CREATE UNIQUE INDEX invitation_pending ON invitation (tenant_id, email_hash) WHERE state = 'pending';
CREATE INDEX invitation_person_key ON invitation (tenant_id, person_key_id);
CREATE INDEX invitation_by ON invitation (tenant_id, invited_by);
CREATE INDEX password_reset_member ON password_reset (tenant_id, member_id);
CREATE INDEX api_key_member ON api_key (tenant_id, member_id);
CREATE INDEX api_key_project ON api_key (tenant_id, project_id) WHERE project_id IS NOT NULL;
CREATE INDEX attempt_over ON attempt (tenant_id, tat);
CREATE INDEX membership_proof_over ON membership_proof (tenant_id, expires_at);

SELECT sealtape_protect(wanted::regclass)
FROM unnest(ARRAY['invitation', 'password_reset', 'api_key', 'attempt', 'membership_proof']) AS wanted;

GRANT SELECT, INSERT, UPDATE (token_hash, state, sent_at, expires_at) ON invitation TO sealtape_app;
GRANT SELECT, INSERT, UPDATE (used_at), DELETE ON password_reset TO sealtape_app;
GRANT UPDATE (password_epoch) ON member TO sealtape_app;
GRANT SELECT, INSERT, UPDATE (last_used_at, revoked_at, reminded) ON api_key TO sealtape_app;
GRANT SELECT, INSERT, UPDATE (tat), DELETE ON attempt TO sealtape_app;
GRANT SELECT, INSERT, DELETE ON membership_proof TO sealtape_app;
GRANT SELECT (ready), INSERT (ready) ON tenant TO sealtape_system;
GRANT UPDATE (name, demo, ready) ON tenant TO sealtape_lookup;

-- Look-ups. A function's new text needs CREATE on the schema for the moment of the change.
GRANT CREATE ON SCHEMA public TO sealtape_lookup;
SET LOCAL ROLE sealtape_lookup;

CREATE OR REPLACE FUNCTION lookup_credential(wanted_kind text, wanted_hash bytea, wanted_slug text)
RETURNS TABLE (tenant_id uuid, id uuid) LANGUAGE sql STABLE SECURITY DEFINER ROWS 1
SET search_path = pg_catalog, pg_temp AS $$
  SELECT found.tenant_id, found.id FROM (
    SELECT c.tenant_id, c.id, count(*) OVER () AS matches
    FROM public.credential_index c JOIN public.tenant t ON t.id = c.tenant_id
    WHERE c.kind = wanted_kind AND c.hash = wanted_hash AND t.state = 'active' AND t.ready
      AND (wanted_slug IS NULL OR t.slug = wanted_slug)) found
  WHERE found.matches = 1
$$;

CREATE OR REPLACE FUNCTION lookup_tenant_slug(wanted_slug text)
RETURNS TABLE (id uuid) LANGUAGE sql STABLE SECURITY DEFINER ROWS 1
SET search_path = pg_catalog, pg_temp AS $$
  SELECT t.id FROM public.tenant t WHERE t.slug = wanted_slug AND t.state = 'active' AND t.ready
$$;

-- One row at a time: the next tenant, by id, in which this credential is known.
CREATE FUNCTION lookup_credential_next(wanted_kind text, wanted_hash bytea, after_tenant uuid)
RETURNS TABLE (tenant_id uuid, id uuid) LANGUAGE sql STABLE SECURITY DEFINER ROWS 1
SET search_path = pg_catalog, pg_temp AS $$
  SELECT c.tenant_id, c.id FROM public.credential_index c JOIN public.tenant t ON t.id = c.tenant_id
  WHERE c.kind = wanted_kind AND c.hash = wanted_hash AND t.state = 'active' AND t.ready AND c.tenant_id > after_tenant
  ORDER BY c.tenant_id LIMIT 1
$$;

-- Makes the bound tenant count, once. `alone` asks for it to be the first of the deployment; the lock makes two that
-- are completed at the same time ask one after the other.
CREATE FUNCTION tenant_complete(claimed uuid, new_name text, new_demo boolean, alone boolean)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF claimed IS DISTINCT FROM current_setting('app.tenant_id')::uuid THEN
    RAISE EXCEPTION 'another tenant';
  END IF;
  PERFORM pg_advisory_xact_lock(x'5ea17a9f'::bigint);
  IF alone AND EXISTS (SELECT 1 FROM public.tenant t
                       WHERE t.ready AND t.id <> '00000000-0000-0000-0000-000000000000') THEN
    RETURN false;
  END IF;
  UPDATE public.tenant t SET name = new_name, demo = new_demo, ready = true WHERE t.id = claimed AND NOT t.ready;
  RETURN FOUND;
END $$;

REVOKE ALL ON FUNCTION lookup_credential_next(text, bytea, uuid), tenant_complete(uuid, text, boolean, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lookup_credential_next(text, bytea, uuid), tenant_complete(uuid, text, boolean, boolean)
  TO sealtape_app;
SET LOCAL ROLE sealtape_owner;
REVOKE CREATE ON SCHEMA public FROM sealtape_lookup;
