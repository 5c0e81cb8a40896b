-- SQLite form of the identity tables.

-- A tenant that is not ready counts as absent everywhere: the transaction that makes its keys and first members sets it.
ALTER TABLE tenant ADD COLUMN ready INTEGER NOT NULL DEFAULT 1 CHECK (ready IN (0, 1));

-- Where a sign-in came from: a MAC to compare with, and the sealed words to show to its owner.
ALTER TABLE login ADD COLUMN place_mac BLOB CHECK (length(place_mac) = 32);
ALTER TABLE login ADD COLUMN place_sealed BLOB;

CREATE TABLE invitation (
  tenant_id     BLOB NOT NULL CHECK (length(tenant_id) = 16),
  id            BLOB NOT NULL CHECK (length(id) = 16),
  person_key_id BLOB NOT NULL CHECK (length(person_key_id) = 16),
  email_sealed  BLOB NOT NULL,
  email_hash    BLOB NOT NULL,
  token_hash    BLOB NOT NULL,
  roles         TEXT NOT NULL,
  invited_by    BLOB NOT NULL CHECK (length(invited_by) = 16),
  state         TEXT NOT NULL,
  created_at    INTEGER NOT NULL,
  sent_at       INTEGER NOT NULL,
  expires_at    INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, person_key_id) REFERENCES person_key (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  FOREIGN KEY (tenant_id, invited_by) REFERENCES member (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (length(email_hash) = 32 AND length(token_hash) = 32),
  CHECK (state IN ('pending', 'accepted', 'withdrawn'))
) STRICT;

-- Grows with every change of the password, and not when the same one is hashed anew: what a password proved ends with it.
ALTER TABLE member ADD COLUMN password_epoch INTEGER NOT NULL DEFAULT 1 CHECK (password_epoch >= 1);

CREATE TABLE password_reset (
  tenant_id  BLOB NOT NULL CHECK (length(tenant_id) = 16),
  id         BLOB NOT NULL CHECK (length(id) = 16),
  member_id  BLOB NOT NULL CHECK (length(member_id) = 16),
  token_hash BLOB NOT NULL,
  password_epoch INTEGER NOT NULL CHECK (password_epoch >= 1),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at    INTEGER,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (length(token_hash) = 32)
) STRICT;

CREATE TABLE api_key (
  tenant_id    BLOB NOT NULL CHECK (length(tenant_id) = 16),
  id           BLOB NOT NULL CHECK (length(id) = 16),
  member_id    BLOB NOT NULL CHECK (length(member_id) = 16),
  name         TEXT NOT NULL,
  key_hash     BLOB NOT NULL,
  scopes       TEXT NOT NULL,
  project_id   BLOB CHECK (length(project_id) = 16),
  networks     TEXT NOT NULL,
  created_at   INTEGER NOT NULL,
  expires_at   INTEGER NOT NULL,
  last_used_at INTEGER,
  revoked_at   INTEGER,
  reminded     INTEGER NOT NULL DEFAULT 0 CHECK (reminded BETWEEN 0 AND 2),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  FOREIGN KEY (tenant_id, project_id) REFERENCES project (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (length(key_hash) = 32),
  CHECK (expires_at > created_at)
) STRICT;

-- Rows of the deployment: an attempt comes before a tenant is known.
CREATE TABLE attempt (
  tenant_id BLOB NOT NULL CHECK (length(tenant_id) = 16),
  kind      TEXT NOT NULL,
  key       BLOB NOT NULL,
  tat       INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, kind, key),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (length(key) = 32),
  CHECK (tenant_id = zeroblob(16))
) STRICT, WITHOUT ROWID;

-- Rows of the deployment: no tenant may read which other tenants a person of theirs belongs to.
CREATE TABLE membership_proof (
  tenant_id       BLOB NOT NULL CHECK (length(tenant_id) = 16),
  login_id        BLOB NOT NULL CHECK (length(login_id) = 16),
  of_tenant       BLOB NOT NULL CHECK (length(of_tenant) = 16),
  member_id       BLOB NOT NULL CHECK (length(member_id) = 16),
  password_digest BLOB NOT NULL,
  expires_at      INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, login_id, of_tenant),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (length(password_digest) = 32),
  CHECK (tenant_id = zeroblob(16))
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX invitation_pending ON invitation (tenant_id, email_hash) WHERE state = 'pending';
CREATE INDEX invitation_person_key ON invitation (tenant_id, person_key_id);
CREATE INDEX invitation_by ON invitation (tenant_id, invited_by);
CREATE INDEX password_reset_member ON password_reset (tenant_id, member_id);
CREATE INDEX api_key_member ON api_key (tenant_id, member_id);
CREATE INDEX api_key_project ON api_key (tenant_id, project_id) WHERE project_id IS NOT NULL;
CREATE INDEX attempt_over ON attempt (tenant_id, tat);
CREATE INDEX membership_proof_over ON membership_proof (tenant_id, expires_at);
