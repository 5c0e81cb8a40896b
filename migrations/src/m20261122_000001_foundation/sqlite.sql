-- SQLite form of the foundation. Ids are 16-byte blobs, which sort like PostgreSQL's uuid; times are microseconds;
-- text compares byte by byte (BINARY, the default), like COLLATE "C" there.

CREATE TABLE tenant (
  id         BLOB NOT NULL CHECK (length(id) = 16),
  slug       TEXT NOT NULL,
  name       TEXT NOT NULL,
  state      TEXT NOT NULL,
  demo       INTEGER NOT NULL CHECK (demo IN (0, 1)),
  key_epoch  INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (slug),
  CHECK (state IN ('active', 'suspended')),
  CHECK (key_epoch >= 0)
) STRICT;

CREATE TABLE credential_index (
  tenant_id BLOB NOT NULL CHECK (length(tenant_id) = 16),
  kind      TEXT NOT NULL,
  hash      BLOB NOT NULL,
  id        BLOB NOT NULL CHECK (length(id) = 16),
  PRIMARY KEY (kind, hash, tenant_id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (length(hash) = 32)
) STRICT, WITHOUT ROWID;

CREATE TABLE tenant_kek (
  tenant_id  BLOB NOT NULL CHECK (length(tenant_id) = 16),
  version    INTEGER NOT NULL,
  root_id    TEXT NOT NULL,
  wrapped    BLOB NOT NULL,
  state      TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, version),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (version > 0),
  CHECK (state IN ('active', 'retiring', 'retired', 'shredded'))
) STRICT;

CREATE TABLE tenant_purpose_key (
  tenant_id   BLOB NOT NULL CHECK (length(tenant_id) = 16),
  purpose     TEXT NOT NULL,
  version     INTEGER NOT NULL,
  kek_version INTEGER NOT NULL,
  wrapped     BLOB NOT NULL,
  state       TEXT NOT NULL,
  created_at  INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, purpose, version),
  FOREIGN KEY (tenant_id, kek_version) REFERENCES tenant_kek (tenant_id, version) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (version > 0),
  CHECK (state IN ('active', 'retiring', 'retired', 'shredded'))
) STRICT;

CREATE TABLE signing_key (
  tenant_id  BLOB NOT NULL CHECK (length(tenant_id) = 16),
  purpose    TEXT NOT NULL,
  version    INTEGER NOT NULL,
  root_id    TEXT NOT NULL,
  wrapped    BLOB NOT NULL,
  public_key BLOB NOT NULL,
  state      TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, purpose, version),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (version > 0),
  CHECK (state IN ('active', 'retiring', 'retired', 'shredded')),
  CHECK (tenant_id = zeroblob(16))
) STRICT;

CREATE TABLE person_key (
  tenant_id   BLOB NOT NULL CHECK (length(tenant_id) = 16),
  id          BLOB NOT NULL CHECK (length(id) = 16),
  kind        TEXT NOT NULL,
  kek_version INTEGER NOT NULL,
  wrapped     BLOB,
  state       TEXT NOT NULL,
  created_at  INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, kek_version) REFERENCES tenant_kek (tenant_id, version) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (state IN ('active', 'retiring', 'retired', 'shredded')),
  CHECK ((wrapped IS NULL) = (state = 'shredded'))
) STRICT;

CREATE TABLE project (
  tenant_id  BLOB NOT NULL CHECK (length(tenant_id) = 16),
  id         BLOB NOT NULL CHECK (length(id) = 16),
  name       TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, name),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id) ON DELETE RESTRICT ON UPDATE RESTRICT
) STRICT;

CREATE TABLE agent_key (
  tenant_id  BLOB NOT NULL CHECK (length(tenant_id) = 16),
  id         BLOB NOT NULL CHECK (length(id) = 16),
  project_id BLOB NOT NULL CHECK (length(project_id) = 16),
  public_key TEXT NOT NULL,
  origins    TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  revoked_at INTEGER,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, project_id, id),
  UNIQUE (tenant_id, public_key),
  FOREIGN KEY (tenant_id, project_id) REFERENCES project (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT
) STRICT;

CREATE TABLE member (
  tenant_id     BLOB NOT NULL CHECK (length(tenant_id) = 16),
  id            BLOB NOT NULL CHECK (length(id) = 16),
  person_key_id BLOB NOT NULL CHECK (length(person_key_id) = 16),
  email_sealed  BLOB NOT NULL,
  name_sealed   BLOB NOT NULL,
  password_hash TEXT NOT NULL,
  state         TEXT NOT NULL,
  authz_epoch   INTEGER NOT NULL,
  created_at    INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, person_key_id) REFERENCES person_key (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (state IN ('active', 'disabled')),
  CHECK (authz_epoch >= 0)
) STRICT;

CREATE TABLE role_binding (
  tenant_id  BLOB NOT NULL CHECK (length(tenant_id) = 16),
  id         BLOB NOT NULL CHECK (length(id) = 16),
  member_id  BLOB NOT NULL CHECK (length(member_id) = 16),
  role       TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, member_id, role),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT
) STRICT;

CREATE TABLE login (
  tenant_id     BLOB NOT NULL CHECK (length(tenant_id) = 16),
  id            BLOB NOT NULL CHECK (length(id) = 16),
  member_id     BLOB NOT NULL CHECK (length(member_id) = 16),
  refresh_hash  BLOB NOT NULL,
  previous_hash BLOB,
  rotated_at    INTEGER,
  created_at    INTEGER NOT NULL,
  last_used_at  INTEGER NOT NULL,
  expires_at    INTEGER NOT NULL,
  revoked_at    INTEGER,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, refresh_hash),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (length(refresh_hash) = 32),
  CHECK (length(previous_hash) = 32)
) STRICT;

CREATE TABLE subject (
  tenant_id  BLOB NOT NULL CHECK (length(tenant_id) = 16),
  id         BLOB NOT NULL CHECK (length(id) = 16),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id) ON DELETE RESTRICT ON UPDATE RESTRICT
) STRICT;

CREATE TABLE subject_identifier (
  tenant_id  BLOB NOT NULL CHECK (length(tenant_id) = 16),
  kind       TEXT NOT NULL,
  token      BLOB NOT NULL,
  subject_id BLOB NOT NULL CHECK (length(subject_id) = 16),
  verified   INTEGER NOT NULL CHECK (verified IN (0, 1)),
  PRIMARY KEY (tenant_id, kind, token),
  FOREIGN KEY (tenant_id, subject_id) REFERENCES subject (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (length(token) = 32)
) STRICT;

CREATE TABLE session (
  tenant_id          BLOB NOT NULL CHECK (length(tenant_id) = 16),
  id                 BLOB NOT NULL CHECK (length(id) = 16),
  project_id         BLOB NOT NULL CHECK (length(project_id) = 16),
  agent_key_id       BLOB NOT NULL CHECK (length(agent_key_id) = 16),
  state              TEXT NOT NULL,
  started_at         INTEGER NOT NULL,
  first_event_at     INTEGER,
  last_event_at      INTEGER,
  last_received_at   INTEGER NOT NULL,
  finish_hint_at     INTEGER,
  closed_at          INTEGER,
  close_reason       TEXT,
  duration_ms        INTEGER NOT NULL,
  tabs               INTEGER NOT NULL,
  segments           INTEGER NOT NULL,
  events             INTEGER NOT NULL,
  bytes_stored       INTEGER NOT NULL,
  bytes_raw          INTEGER NOT NULL,
  errors             INTEGER NOT NULL,
  gaps               INTEGER NOT NULL,
  has_error          INTEGER NOT NULL CHECK (has_error IN (0, 1)),
  release            TEXT,
  browser            TEXT,
  os                 TEXT,
  policy_version     INTEGER NOT NULL,
  policy_hash        BLOB NOT NULL,
  agent_name         TEXT NOT NULL,
  agent_version      TEXT NOT NULL,
  validation         TEXT NOT NULL,
  subject_id         BLOB CHECK (length(subject_id) = 16),
  summary_sealed     BLOB,
  summary_generation INTEGER NOT NULL,
  last_page_sealed   BLOB,
  progress_at        INTEGER,
  manifest_rev       INTEGER NOT NULL,
  manifest_hash      BLOB,
  sealed_segments    INTEGER NOT NULL,
  changed_at         INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, project_id) REFERENCES project (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  FOREIGN KEY (tenant_id, project_id, agent_key_id) REFERENCES agent_key (tenant_id, project_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  FOREIGN KEY (tenant_id, subject_id) REFERENCES subject (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (state IN ('live', 'closed', 'erased')),
  CHECK (close_reason IN ('finished', 'idle', 'length', 'late')),
  CHECK (validation IN ('valid', 'repaired', 'gaps', 'corrupt')),
  CHECK (length(policy_hash) = 32),
  CHECK (length(manifest_hash) = 32),
  CHECK ((manifest_rev = 0) = (manifest_hash IS NULL)),
  CHECK (sealed_segments <= segments),
  CHECK (duration_ms >= 0 AND tabs >= 0 AND segments >= 0 AND events >= 0 AND bytes_stored >= 0 AND bytes_raw >= 0 AND errors >= 0 AND gaps >= 0 AND policy_version >= 0 AND summary_generation >= 0 AND manifest_rev >= 0 AND sealed_segments >= 0)
) STRICT;

CREATE TABLE session_key (
  tenant_id   BLOB NOT NULL CHECK (length(tenant_id) = 16),
  session_id  BLOB NOT NULL CHECK (length(session_id) = 16),
  generation  INTEGER NOT NULL,
  kek_version INTEGER NOT NULL,
  wrapped     BLOB,
  state       TEXT NOT NULL,
  created_at  INTEGER NOT NULL,
  shredded_at INTEGER,
  PRIMARY KEY (tenant_id, session_id, generation),
  FOREIGN KEY (tenant_id, session_id) REFERENCES session (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  FOREIGN KEY (tenant_id, kek_version) REFERENCES tenant_kek (tenant_id, version) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (generation > 0),
  CHECK (state IN ('active', 'retiring', 'retired', 'shredded')),
  CHECK ((wrapped IS NULL) = (state = 'shredded')),
  CHECK ((shredded_at IS NOT NULL) = (state = 'shredded'))
) STRICT;

CREATE TABLE session_tab (
  tenant_id         BLOB NOT NULL CHECK (length(tenant_id) = 16),
  session_id        BLOB NOT NULL CHECK (length(session_id) = 16),
  tab               INTEGER NOT NULL,
  next_n            INTEGER NOT NULL,
  chain             BLOB NOT NULL,
  opened_at         INTEGER NOT NULL,
  declared_segments INTEGER,
  state_n           INTEGER,
  state_blob        TEXT,
  PRIMARY KEY (tenant_id, session_id, tab),
  FOREIGN KEY (tenant_id, session_id) REFERENCES session (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (tab BETWEEN 0 AND 65535),
  CHECK (next_n >= 0),
  CHECK (declared_segments >= 0),
  CHECK (state_n >= 0),
  CHECK ((state_n IS NULL) = (state_blob IS NULL)),
  CHECK (length(chain) = 32)
) STRICT;

CREATE TABLE segment (
  tenant_id         BLOB NOT NULL CHECK (length(tenant_id) = 16),
  session_id        BLOB NOT NULL CHECK (length(session_id) = 16),
  tab               INTEGER NOT NULL,
  n                 INTEGER NOT NULL,
  generation        INTEGER NOT NULL,
  blob              TEXT NOT NULL,
  ciphertext_len    INTEGER NOT NULL,
  ciphertext_sha256 BLOB NOT NULL,
  plaintext_len     INTEGER NOT NULL,
  first_ms          INTEGER NOT NULL,
  last_ms           INTEGER NOT NULL,
  events            INTEGER NOT NULL,
  full_snapshot     INTEGER NOT NULL CHECK (full_snapshot IN (0, 1)),
  chain             BLOB NOT NULL,
  body_mac          BLOB NOT NULL,
  facts_sealed      BLOB,
  received_at       INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, session_id, tab, n),
  FOREIGN KEY (tenant_id, session_id, tab) REFERENCES session_tab (tenant_id, session_id, tab) ON DELETE RESTRICT ON UPDATE RESTRICT,
  FOREIGN KEY (tenant_id, session_id, generation) REFERENCES session_key (tenant_id, session_id, generation) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (n >= 0 AND n < 4294967296),
  CHECK (ciphertext_len > 0 AND plaintext_len >= 0 AND events >= 0),
  CHECK (first_ms <= last_ms),
  CHECK (length(ciphertext_sha256) = 32 AND length(chain) = 32 AND length(body_mac) = 32)
) STRICT;

CREATE TABLE gap (
  tenant_id  BLOB NOT NULL CHECK (length(tenant_id) = 16),
  session_id BLOB NOT NULL CHECK (length(session_id) = 16),
  id         BLOB NOT NULL CHECK (length(id) = 16),
  tab        INTEGER NOT NULL,
  from_ms    INTEGER NOT NULL,
  to_ms      INTEGER NOT NULL,
  reason     TEXT NOT NULL,
  detail     TEXT,
  PRIMARY KEY (tenant_id, session_id, id),
  FOREIGN KEY (tenant_id, session_id) REFERENCES session (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (tab BETWEEN 0 AND 65535),
  CHECK (from_ms <= to_ms)
) STRICT;

CREATE TABLE manifest (
  tenant_id  BLOB NOT NULL CHECK (length(tenant_id) = 16),
  session_id BLOB NOT NULL CHECK (length(session_id) = 16),
  rev        INTEGER NOT NULL,
  hash       BLOB NOT NULL,
  blob       TEXT NOT NULL,
  cause      TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, session_id, rev),
  FOREIGN KEY (tenant_id, session_id) REFERENCES session (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (rev > 0),
  CHECK (length(hash) = 32)
) STRICT;

CREATE TABLE search_token (
  tenant_id  BLOB NOT NULL CHECK (length(tenant_id) = 16),
  kind       TEXT NOT NULL,
  token      BLOB NOT NULL,
  session_id BLOB NOT NULL CHECK (length(session_id) = 16),
  PRIMARY KEY (tenant_id, kind, token, session_id),
  FOREIGN KEY (tenant_id, session_id) REFERENCES session (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (length(token) = 32)
) STRICT, WITHOUT ROWID;

CREATE TABLE session_view (
  tenant_id  BLOB NOT NULL CHECK (length(tenant_id) = 16),
  id         BLOB NOT NULL CHECK (length(id) = 16),
  session_id BLOB NOT NULL CHECK (length(session_id) = 16),
  member_id  BLOB NOT NULL CHECK (length(member_id) = 16),
  at         INTEGER NOT NULL,
  from_ms    INTEGER,
  to_ms      INTEGER,
  panes      TEXT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, session_id) REFERENCES session (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT
) STRICT;

CREATE TABLE audit_outbox (
  tenant_id     BLOB NOT NULL CHECK (length(tenant_id) = 16),
  id            BLOB NOT NULL CHECK (length(id) = 16),
  leaf          BLOB NOT NULL,
  detail_sealed BLOB,
  leaf_index    INTEGER,
  created_at    INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (leaf_index >= 0)
) STRICT;

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

-- An audit row is written once. Only its place in the tree is filled in, once, by the sequencer.
CREATE TRIGGER audit_outbox_immutable BEFORE UPDATE ON audit_outbox
WHEN NEW.tenant_id <> OLD.tenant_id OR NEW.id <> OLD.id OR NEW.leaf <> OLD.leaf
  OR NEW.detail_sealed IS NOT OLD.detail_sealed OR NEW.created_at <> OLD.created_at OR OLD.leaf_index IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'audit_outbox rows are immutable'); END;
CREATE TRIGGER audit_outbox_kept BEFORE DELETE ON audit_outbox
BEGIN SELECT RAISE(ABORT, 'audit_outbox rows are kept'); END;

-- The owner of what belongs to the deployment and to no customer. Its slug cannot be typed: it is not a valid one.
INSERT INTO tenant (id, slug, name, state, demo, key_epoch, created_at)
VALUES (zeroblob(16), '-', 'deployment', 'active', 0, 0, 0);
