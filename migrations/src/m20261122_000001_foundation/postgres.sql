-- PostgreSQL form of the foundation; run as sealtape_owner. The tables read like sqlite.sql; partitions, row security,
-- look-up functions and grants follow.

CREATE TABLE tenant (
  id         uuid NOT NULL,
  slug       text COLLATE "C" NOT NULL,
  name       text COLLATE "C" NOT NULL,
  state      text COLLATE "C" NOT NULL,
  demo       boolean NOT NULL,
  key_epoch  bigint NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (slug),
  CHECK (state IN ('active', 'suspended')),
  CHECK (key_epoch >= 0)
);

CREATE TABLE credential_index (
  tenant_id uuid NOT NULL,
  kind      text COLLATE "C" NOT NULL,
  hash      bytea NOT NULL,
  id        uuid NOT NULL,
  PRIMARY KEY (kind, hash, tenant_id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (octet_length(hash) = 32)
);

CREATE TABLE tenant_kek (
  tenant_id  uuid NOT NULL,
  version    bigint NOT NULL,
  root_id    text COLLATE "C" NOT NULL,
  wrapped    bytea NOT NULL,
  state      text COLLATE "C" NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (tenant_id, version),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (version > 0),
  CHECK (state IN ('active', 'retiring', 'retired', 'shredded'))
);

CREATE TABLE tenant_purpose_key (
  tenant_id   uuid NOT NULL,
  purpose     text COLLATE "C" NOT NULL,
  version     bigint NOT NULL,
  kek_version bigint NOT NULL,
  wrapped     bytea NOT NULL,
  state       text COLLATE "C" NOT NULL,
  created_at  bigint NOT NULL,
  PRIMARY KEY (tenant_id, purpose, version),
  FOREIGN KEY (tenant_id, kek_version) REFERENCES tenant_kek (tenant_id, version) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (version > 0),
  CHECK (state IN ('active', 'retiring', 'retired', 'shredded'))
);

CREATE TABLE signing_key (
  tenant_id  uuid NOT NULL,
  purpose    text COLLATE "C" NOT NULL,
  version    bigint NOT NULL,
  root_id    text COLLATE "C" NOT NULL,
  wrapped    bytea NOT NULL,
  public_key bytea NOT NULL,
  state      text COLLATE "C" NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (tenant_id, purpose, version),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (version > 0),
  CHECK (state IN ('active', 'retiring', 'retired', 'shredded')),
  CHECK (tenant_id = '00000000-0000-0000-0000-000000000000')
);

CREATE TABLE person_key (
  tenant_id   uuid NOT NULL,
  id          uuid NOT NULL,
  kind        text COLLATE "C" NOT NULL,
  kek_version bigint NOT NULL,
  wrapped     bytea,
  state       text COLLATE "C" NOT NULL,
  created_at  bigint NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, kek_version) REFERENCES tenant_kek (tenant_id, version) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (state IN ('active', 'retiring', 'retired', 'shredded')),
  CHECK ((wrapped IS NULL) = (state = 'shredded'))
);

CREATE TABLE project (
  tenant_id  uuid NOT NULL,
  id         uuid NOT NULL,
  name       text COLLATE "C" NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, name),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id) ON DELETE RESTRICT ON UPDATE RESTRICT
);

CREATE TABLE agent_key (
  tenant_id  uuid NOT NULL,
  id         uuid NOT NULL,
  project_id uuid NOT NULL,
  public_key text COLLATE "C" NOT NULL,
  origins    text COLLATE "C" NOT NULL,
  created_at bigint NOT NULL,
  revoked_at bigint,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, project_id, id),
  UNIQUE (tenant_id, public_key),
  FOREIGN KEY (tenant_id, project_id) REFERENCES project (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT
);

CREATE TABLE member (
  tenant_id     uuid NOT NULL,
  id            uuid NOT NULL,
  person_key_id uuid NOT NULL,
  email_sealed  bytea NOT NULL,
  name_sealed   bytea NOT NULL,
  password_hash text COLLATE "C" NOT NULL,
  state         text COLLATE "C" NOT NULL,
  authz_epoch   bigint NOT NULL,
  created_at    bigint NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, person_key_id) REFERENCES person_key (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (state IN ('active', 'disabled')),
  CHECK (authz_epoch >= 0)
);

CREATE TABLE role_binding (
  tenant_id  uuid NOT NULL,
  id         uuid NOT NULL,
  member_id  uuid NOT NULL,
  role       text COLLATE "C" NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, member_id, role),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT
);

CREATE TABLE login (
  tenant_id     uuid NOT NULL,
  id            uuid NOT NULL,
  member_id     uuid NOT NULL,
  refresh_hash  bytea NOT NULL,
  previous_hash bytea,
  rotated_at    bigint,
  created_at    bigint NOT NULL,
  last_used_at  bigint NOT NULL,
  expires_at    bigint NOT NULL,
  revoked_at    bigint,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, refresh_hash),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (octet_length(refresh_hash) = 32),
  CHECK (octet_length(previous_hash) = 32)
);

CREATE TABLE subject (
  tenant_id  uuid NOT NULL,
  id         uuid NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id) ON DELETE RESTRICT ON UPDATE RESTRICT
);

CREATE TABLE subject_identifier (
  tenant_id  uuid NOT NULL,
  kind       text COLLATE "C" NOT NULL,
  token      bytea NOT NULL,
  subject_id uuid NOT NULL,
  verified   boolean NOT NULL,
  PRIMARY KEY (tenant_id, kind, token),
  FOREIGN KEY (tenant_id, subject_id) REFERENCES subject (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (octet_length(token) = 32)
);

CREATE TABLE session (
  tenant_id          uuid NOT NULL,
  id                 uuid NOT NULL,
  project_id         uuid NOT NULL,
  agent_key_id       uuid NOT NULL,
  state              text COLLATE "C" NOT NULL,
  started_at         bigint NOT NULL,
  first_event_at     bigint,
  last_event_at      bigint,
  last_received_at   bigint NOT NULL,
  finish_hint_at     bigint,
  closed_at          bigint,
  close_reason       text COLLATE "C",
  duration_ms        bigint NOT NULL,
  tabs               bigint NOT NULL,
  segments           bigint NOT NULL,
  events             bigint NOT NULL,
  bytes_stored       bigint NOT NULL,
  bytes_raw          bigint NOT NULL,
  errors             bigint NOT NULL,
  gaps               bigint NOT NULL,
  has_error          boolean NOT NULL,
  release            text COLLATE "C",
  browser            text COLLATE "C",
  os                 text COLLATE "C",
  policy_version     bigint NOT NULL,
  policy_hash        bytea NOT NULL,
  agent_name         text COLLATE "C" NOT NULL,
  agent_version      text COLLATE "C" NOT NULL,
  validation         text COLLATE "C" NOT NULL,
  subject_id         uuid,
  summary_sealed     bytea,
  summary_generation bigint NOT NULL,
  last_page_sealed   bytea,
  progress_at        bigint,
  manifest_rev       bigint NOT NULL,
  manifest_hash      bytea,
  sealed_segments    bigint NOT NULL,
  changed_at         bigint NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, project_id) REFERENCES project (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  FOREIGN KEY (tenant_id, project_id, agent_key_id) REFERENCES agent_key (tenant_id, project_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  FOREIGN KEY (tenant_id, subject_id) REFERENCES subject (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (state IN ('live', 'closed', 'erased')),
  CHECK (close_reason IN ('finished', 'idle', 'length', 'late')),
  CHECK (validation IN ('valid', 'repaired', 'gaps', 'corrupt')),
  CHECK (octet_length(policy_hash) = 32),
  CHECK (octet_length(manifest_hash) = 32),
  CHECK ((manifest_rev = 0) = (manifest_hash IS NULL)),
  CHECK (sealed_segments <= segments),
  CHECK (duration_ms >= 0 AND tabs >= 0 AND segments >= 0 AND events >= 0 AND bytes_stored >= 0 AND bytes_raw >= 0 AND errors >= 0 AND gaps >= 0 AND policy_version >= 0 AND summary_generation >= 0 AND manifest_rev >= 0 AND sealed_segments >= 0)
) PARTITION BY RANGE (id);

CREATE TABLE session_key (
  tenant_id   uuid NOT NULL,
  session_id  uuid NOT NULL,
  generation  bigint NOT NULL,
  kek_version bigint NOT NULL,
  wrapped     bytea,
  state       text COLLATE "C" NOT NULL,
  created_at  bigint NOT NULL,
  shredded_at bigint,
  PRIMARY KEY (tenant_id, session_id, generation),
  FOREIGN KEY (tenant_id, session_id) REFERENCES session (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  FOREIGN KEY (tenant_id, kek_version) REFERENCES tenant_kek (tenant_id, version) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (generation > 0),
  CHECK (state IN ('active', 'retiring', 'retired', 'shredded')),
  CHECK ((wrapped IS NULL) = (state = 'shredded')),
  CHECK ((shredded_at IS NOT NULL) = (state = 'shredded'))
);

CREATE TABLE session_tab (
  tenant_id         uuid NOT NULL,
  session_id        uuid NOT NULL,
  tab               bigint NOT NULL,
  next_n            bigint NOT NULL,
  chain             bytea NOT NULL,
  opened_at         bigint NOT NULL,
  declared_segments bigint,
  state_n           bigint,
  state_blob        text COLLATE "C",
  PRIMARY KEY (tenant_id, session_id, tab),
  FOREIGN KEY (tenant_id, session_id) REFERENCES session (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (tab BETWEEN 0 AND 65535),
  CHECK (next_n >= 0),
  CHECK (declared_segments >= 0),
  CHECK (state_n >= 0),
  CHECK ((state_n IS NULL) = (state_blob IS NULL)),
  CHECK (octet_length(chain) = 32)
);

CREATE TABLE segment (
  tenant_id         uuid NOT NULL,
  session_id        uuid NOT NULL,
  tab               bigint NOT NULL,
  n                 bigint NOT NULL,
  generation        bigint NOT NULL,
  blob              text COLLATE "C" NOT NULL,
  ciphertext_len    bigint NOT NULL,
  ciphertext_sha256 bytea NOT NULL,
  plaintext_len     bigint NOT NULL,
  first_ms          bigint NOT NULL,
  last_ms           bigint NOT NULL,
  events            bigint NOT NULL,
  full_snapshot     boolean NOT NULL,
  chain             bytea NOT NULL,
  body_mac          bytea NOT NULL,
  facts_sealed      bytea,
  received_at       bigint NOT NULL,
  PRIMARY KEY (tenant_id, session_id, tab, n),
  FOREIGN KEY (tenant_id, session_id, tab) REFERENCES session_tab (tenant_id, session_id, tab) ON DELETE RESTRICT ON UPDATE RESTRICT,
  FOREIGN KEY (tenant_id, session_id, generation) REFERENCES session_key (tenant_id, session_id, generation) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (n >= 0 AND n < 4294967296),
  CHECK (ciphertext_len > 0 AND plaintext_len >= 0 AND events >= 0),
  CHECK (first_ms <= last_ms),
  CHECK (octet_length(ciphertext_sha256) = 32 AND octet_length(chain) = 32 AND octet_length(body_mac) = 32)
) PARTITION BY HASH (session_id);

CREATE TABLE gap (
  tenant_id  uuid NOT NULL,
  session_id uuid NOT NULL,
  id         uuid NOT NULL,
  tab        bigint NOT NULL,
  from_ms    bigint NOT NULL,
  to_ms      bigint NOT NULL,
  reason     text COLLATE "C" NOT NULL,
  detail     text COLLATE "C",
  PRIMARY KEY (tenant_id, session_id, id),
  FOREIGN KEY (tenant_id, session_id) REFERENCES session (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (tab BETWEEN 0 AND 65535),
  CHECK (from_ms <= to_ms)
);

CREATE TABLE manifest (
  tenant_id  uuid NOT NULL,
  session_id uuid NOT NULL,
  rev        bigint NOT NULL,
  hash       bytea NOT NULL,
  blob       text COLLATE "C" NOT NULL,
  cause      text COLLATE "C" NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (tenant_id, session_id, rev),
  FOREIGN KEY (tenant_id, session_id) REFERENCES session (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (rev > 0),
  CHECK (octet_length(hash) = 32)
);

CREATE TABLE search_token (
  tenant_id  uuid NOT NULL,
  kind       text COLLATE "C" NOT NULL,
  token      bytea NOT NULL,
  session_id uuid NOT NULL,
  PRIMARY KEY (tenant_id, kind, token, session_id),
  FOREIGN KEY (tenant_id, session_id) REFERENCES session (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (octet_length(token) = 32)
);

CREATE TABLE session_view (
  tenant_id  uuid NOT NULL,
  id         uuid NOT NULL,
  session_id uuid NOT NULL,
  member_id  uuid NOT NULL,
  at         bigint NOT NULL,
  from_ms    bigint,
  to_ms      bigint,
  panes      text COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, session_id) REFERENCES session (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT
);

CREATE TABLE audit_outbox (
  tenant_id     uuid NOT NULL,
  id            uuid NOT NULL,
  leaf          bytea NOT NULL,
  detail_sealed bytea,
  leaf_index    bigint,
  created_at    bigint NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (leaf_index >= 0)
) PARTITION BY HASH (tenant_id);

CREATE UNIQUE INDEX tenant_kek_active ON tenant_kek (tenant_id) WHERE state = 'active';
CREATE UNIQUE INDEX tenant_purpose_key_active ON tenant_purpose_key (tenant_id, purpose) WHERE state = 'active';
CREATE INDEX tenant_purpose_key_parent ON tenant_purpose_key (tenant_id, kek_version);
CREATE UNIQUE INDEX signing_key_active ON signing_key (tenant_id, purpose) WHERE state = 'active';
CREATE INDEX person_key_parent ON person_key (tenant_id, kek_version);
CREATE INDEX credential_index_row ON credential_index (tenant_id, id);
CREATE INDEX member_person_key ON member (tenant_id, person_key_id);
CREATE INDEX login_previous ON login (tenant_id, previous_hash) WHERE previous_hash IS NOT NULL;
CREATE INDEX login_member ON login (tenant_id, member_id);
CREATE INDEX subject_identifier_subject ON subject_identifier (tenant_id, subject_id);
CREATE INDEX session_newest ON session (tenant_id, started_at DESC, id DESC);
CREATE INDEX session_changed ON session (tenant_id, changed_at, id);
CREATE INDEX session_live ON session (tenant_id, last_received_at, id) WHERE state = 'live';
CREATE INDEX session_late ON session (tenant_id, id) WHERE state = 'closed' AND segments > sealed_segments;
CREATE INDEX session_project ON session (tenant_id, project_id, agent_key_id);
CREATE INDEX session_subject ON session (tenant_id, subject_id) WHERE subject_id IS NOT NULL;
CREATE UNIQUE INDEX session_key_active ON session_key (tenant_id, session_id) WHERE state = 'active';
CREATE INDEX session_key_parent ON session_key (tenant_id, kek_version);
CREATE INDEX segment_snapshot ON segment (tenant_id, session_id, tab, first_ms, n) WHERE full_snapshot;
CREATE INDEX segment_generation ON segment (tenant_id, session_id, generation);
CREATE INDEX search_token_session ON search_token (tenant_id, session_id);
CREATE INDEX session_view_newest ON session_view (tenant_id, session_id, at DESC, id DESC);
CREATE INDEX session_view_member ON session_view (tenant_id, member_id);
CREATE INDEX audit_outbox_waiting ON audit_outbox (tenant_id, id) WHERE leaf_index IS NULL;

-- Row security -----------------------------------------------------------------------------------------------------

-- The plain cast raises for an unset and for an empty setting alike (a pooled connection shows '' after a transaction
-- that set it); nullif would silently return no rows.
CREATE FUNCTION sealtape_protect(wanted regclass) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', wanted);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', wanted);
  EXECUTE format('CREATE POLICY tenant_isolation ON %s
                  USING (tenant_id = current_setting(''app.tenant_id'')::uuid)
                  WITH CHECK (tenant_id = current_setting(''app.tenant_id'')::uuid)', wanted);
END $$;

-- Partitions -------------------------------------------------------------------------------------------------------

-- A UUIDv7 starts with 48 bits of milliseconds, so a month of sessions is a range of ids.
CREATE FUNCTION sealtape_uuid_floor(at timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE STRICT
SET search_path = pg_catalog, pg_temp AS $$
  SELECT (substr(ms, 1, 8) || '-' || substr(ms, 9, 4) || '-0000-0000-000000000000')::uuid
  FROM (SELECT lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') AS ms) t
$$;

CREATE FUNCTION sealtape_session_partitions() RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  month timestamptz;
  name text;
BEGIN
  FOR month IN SELECT (d AT TIME ZONE 'UTC') FROM generate_series(
      date_trunc('month', now() AT TIME ZONE 'UTC') - interval '1 month',
      date_trunc('month', now() AT TIME ZONE 'UTC') + interval '13 months', interval '1 month') d LOOP
    name := 'session_' || to_char(month AT TIME ZONE 'UTC', 'YYYY_MM');
    CONTINUE WHEN to_regclass('public.' || name) IS NOT NULL;
    BEGIN
      EXECUTE format('CREATE TABLE public.%I PARTITION OF public.session FOR VALUES FROM (%L) TO (%L)', name,
        public.sealtape_uuid_floor(month),
        public.sealtape_uuid_floor(((month AT TIME ZONE 'UTC') + interval '1 month') AT TIME ZONE 'UTC'));
      PERFORM public.sealtape_protect(('public.' || name)::regclass);
    EXCEPTION WHEN check_violation THEN NULL; -- the month's rows are in the default partition already and stay there
    END;
  END LOOP;
END $$;

CREATE TABLE session_other PARTITION OF session DEFAULT;
DO $$
BEGIN
  FOR i IN 0..15 LOOP
    EXECUTE format('CREATE TABLE segment_%s PARTITION OF segment FOR VALUES WITH (MODULUS 16, REMAINDER %s)', lpad(i::text, 2, '0'), i);
  END LOOP;
  FOR i IN 0..7 LOOP
    EXECUTE format('CREATE TABLE audit_outbox_%s PARTITION OF audit_outbox FOR VALUES WITH (MODULUS 8, REMAINDER %s)', i, i);
  END LOOP;
END $$;

-- Every table with a tenant, partitions too (a policy on the parent does not bind who names a partition), except the
-- two that look-ups read before a tenant is known.
SELECT sealtape_protect(c.oid::regclass)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname <> 'credential_index'
ORDER BY c.relname;

-- Audit rows are written once; only the place in the tree is filled in, once, by the sequencer -------------------------

CREATE FUNCTION audit_outbox_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'audit_outbox rows are kept';
  END IF;
  IF OLD.leaf_index IS NOT NULL
    OR (NEW.tenant_id, NEW.id, NEW.leaf, NEW.created_at) IS DISTINCT FROM (OLD.tenant_id, OLD.id, OLD.leaf, OLD.created_at)
    OR NEW.detail_sealed IS DISTINCT FROM OLD.detail_sealed THEN
    RAISE EXCEPTION 'audit_outbox rows are immutable';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER audit_outbox_guard BEFORE UPDATE OR DELETE ON audit_outbox
FOR EACH ROW EXECUTE FUNCTION audit_outbox_guard();

-- Look-ups: the app role's only way to tenant and credential_index. At most one row comes out. --------------------------

CREATE FUNCTION lookup_credential(wanted_kind text, wanted_hash bytea, wanted_slug text)
RETURNS TABLE (tenant_id uuid, id uuid) LANGUAGE sql STABLE SECURITY DEFINER ROWS 1
SET search_path = pg_catalog, pg_temp AS $$
  SELECT found.tenant_id, found.id FROM (
    SELECT c.tenant_id, c.id, count(*) OVER () AS matches
    FROM public.credential_index c JOIN public.tenant t ON t.id = c.tenant_id
    WHERE c.kind = wanted_kind AND c.hash = wanted_hash AND t.state = 'active'
      AND (wanted_slug IS NULL OR t.slug = wanted_slug)) found
  WHERE found.matches = 1
$$;

CREATE FUNCTION lookup_tenant_slug(wanted_slug text)
RETURNS TABLE (id uuid) LANGUAGE sql STABLE SECURITY DEFINER ROWS 1
SET search_path = pg_catalog, pg_temp AS $$
  SELECT t.id FROM public.tenant t WHERE t.slug = wanted_slug AND t.state = 'active'
$$;

-- No argument: it answers for the tenant that row security is bound to.
CREATE FUNCTION tenant_self()
RETURNS TABLE (id uuid, slug text, name text, state text, demo boolean, key_epoch bigint, created_at bigint)
LANGUAGE sql STABLE SECURITY DEFINER ROWS 1
SET search_path = pg_catalog, pg_temp AS $$
  SELECT t.id, t.slug, t.name, t.state, t.demo, t.key_epoch, t.created_at FROM public.tenant t
  WHERE t.id = current_setting('app.tenant_id')::uuid
$$;

-- `claimed` must be the bound tenant; the caller's word alone is not enough.
CREATE FUNCTION credential_put(claimed uuid, new_kind text, new_hash bytea, new_id uuid)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF claimed IS DISTINCT FROM current_setting('app.tenant_id')::uuid THEN
    RAISE EXCEPTION 'another tenant''s credential';
  END IF;
  INSERT INTO public.credential_index (tenant_id, kind, hash, id) VALUES (claimed, new_kind, new_hash, new_id);
END $$;

CREATE FUNCTION credential_drop(claimed uuid, old_kind text, old_hash bytea)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF claimed IS DISTINCT FROM current_setting('app.tenant_id')::uuid THEN
    RAISE EXCEPTION 'another tenant''s credential';
  END IF;
  DELETE FROM public.credential_index c WHERE c.tenant_id = claimed AND c.kind = old_kind AND c.hash = old_hash;
  RETURN FOUND;
END $$;

-- A function's new owner must hold CREATE on the schema for the moment of the change.
GRANT USAGE, CREATE ON SCHEMA public TO sealtape_lookup;
ALTER FUNCTION lookup_credential(text, bytea, text) OWNER TO sealtape_lookup;
ALTER FUNCTION lookup_tenant_slug(text) OWNER TO sealtape_lookup;
ALTER FUNCTION tenant_self() OWNER TO sealtape_lookup;
ALTER FUNCTION credential_put(uuid, text, bytea, uuid) OWNER TO sealtape_lookup;
ALTER FUNCTION credential_drop(uuid, text, bytea) OWNER TO sealtape_lookup;
REVOKE CREATE ON SCHEMA public FROM sealtape_lookup;

-- Grants -----------------------------------------------------------------------------------------------------------

REVOKE ALL ON SCHEMA public FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO sealtape_app, sealtape_system;

SET LOCAL ROLE sealtape_lookup;
REVOKE ALL ON FUNCTION lookup_credential(text, bytea, text), lookup_tenant_slug(text), tenant_self(),
  credential_put(uuid, text, bytea, uuid), credential_drop(uuid, text, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lookup_credential(text, bytea, text), lookup_tenant_slug(text), tenant_self(),
  credential_put(uuid, text, bytea, uuid), credential_drop(uuid, text, bytea) TO sealtape_app;
SET LOCAL ROLE sealtape_owner;

GRANT SELECT ON tenant TO sealtape_lookup;
GRANT SELECT, INSERT, DELETE ON credential_index TO sealtape_lookup;

GRANT SELECT (id, slug, name, state, demo, key_epoch, created_at),
      INSERT (id, slug, name, state, demo, key_epoch, created_at) ON tenant TO sealtape_system;

-- Grown and read, never changed.
GRANT SELECT, INSERT ON segment, gap, manifest, search_token, subject, subject_identifier, session_view TO sealtape_app;
-- Written only.
GRANT INSERT ON audit_outbox TO sealtape_app;
-- Changed in the named columns; FOR SHARE on a key needs one such column as well.
GRANT SELECT, INSERT, UPDATE (state) ON tenant_kek, tenant_purpose_key, signing_key TO sealtape_app;
GRANT SELECT, INSERT, UPDATE (kek_version, wrapped, state) ON person_key TO sealtape_app;
GRANT SELECT, INSERT, UPDATE (kek_version, wrapped, state, shredded_at) ON session_key TO sealtape_app;
GRANT SELECT, INSERT, UPDATE (name) ON project TO sealtape_app;
GRANT SELECT, INSERT, UPDATE (origins, revoked_at) ON agent_key TO sealtape_app;
GRANT SELECT, INSERT, UPDATE (email_sealed, name_sealed, password_hash, state, authz_epoch) ON member TO sealtape_app;
GRANT SELECT, INSERT, DELETE ON role_binding TO sealtape_app;
GRANT SELECT, INSERT, UPDATE (refresh_hash, previous_hash, rotated_at, last_used_at, revoked_at) ON login TO sealtape_app;
GRANT SELECT, INSERT, UPDATE (next_n, chain, declared_segments, state_n, state_blob) ON session_tab TO sealtape_app;
GRANT SELECT, INSERT, UPDATE (state, first_event_at, last_event_at, last_received_at, finish_hint_at, closed_at, close_reason,
  duration_ms, tabs, segments, events, bytes_stored, bytes_raw, errors, gaps, has_error, validation, subject_id,
  summary_sealed, summary_generation, last_page_sealed, progress_at, manifest_rev, manifest_hash, sealed_segments, changed_at) ON session TO sealtape_app;
-- `serve` looks whether migrations are pending.
GRANT SELECT ON seaql_migrations TO sealtape_app;

-- The owner of what belongs to the deployment and to no customer. Its slug cannot be typed: it is not a valid one.
INSERT INTO tenant (id, slug, name, state, demo, key_epoch, created_at)
VALUES ('00000000-0000-0000-0000-000000000000', '-', 'deployment', 'active', false, 0, 0);
