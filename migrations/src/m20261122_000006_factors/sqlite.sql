-- SQLite form of the factors; postgres.sql reads alike.

-- One second factor of one member. What proves it is sealed under the member's person key. `counter` is what makes a proof
-- good once: the last accepted step of a TOTP, the signature count of a security key.
CREATE TABLE factor (
  tenant_id       BLOB NOT NULL CHECK (length(tenant_id) = 16),
  id              BLOB NOT NULL CHECK (length(id) = 16),
  member_id       BLOB NOT NULL CHECK (length(member_id) = 16),
  kind            TEXT NOT NULL,
  state           TEXT NOT NULL,
  name_sealed     BLOB,
  secret_sealed   BLOB NOT NULL,
  credential_hash BLOB,
  counter         INTEGER NOT NULL,
  created_at      INTEGER NOT NULL,
  confirmed_at    INTEGER,
  last_used_at    INTEGER,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (kind IN ('totp', 'security-key')),
  CHECK (state IN ('pending', 'active')),
  CHECK ((state = 'active') = (confirmed_at IS NOT NULL)),
  CHECK ((kind = 'security-key') = (credential_hash IS NOT NULL)),
  CHECK (length(credential_hash) = 32),
  CHECK (counter >= 0)
) STRICT;

-- Ten places per member; a new set overwrites the old one in place, so that no mixture of two sets can come to be.
CREATE TABLE recovery_code (
  tenant_id  BLOB NOT NULL CHECK (length(tenant_id) = 16),
  member_id  BLOB NOT NULL CHECK (length(member_id) = 16),
  n          INTEGER NOT NULL,
  hash       BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  used_at    INTEGER,
  PRIMARY KEY (tenant_id, member_id, n),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (n BETWEEN 0 AND 9),
  CHECK (length(hash) = 32)
) STRICT;

-- A question that waits for its answer: who signs in, steps up or registers a security key, for five minutes.
CREATE TABLE factor_challenge (
  tenant_id     BLOB NOT NULL CHECK (length(tenant_id) = 16),
  hash          BLOB NOT NULL,
  member_id     BLOB NOT NULL CHECK (length(member_id) = 16),
  login_id      BLOB CHECK (length(login_id) = 16),
  purpose       TEXT NOT NULL,
  tries         INTEGER NOT NULL,
  password_mark BLOB,
  state_sealed  BLOB,
  created_at    INTEGER NOT NULL,
  expires_at    INTEGER NOT NULL,
  used_at       INTEGER,
  PRIMARY KEY (tenant_id, hash),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  FOREIGN KEY (tenant_id, login_id) REFERENCES login (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (purpose IN ('sign-in', 'step-up', 'register')),
  CHECK ((purpose = 'sign-in') = (login_id IS NULL)),
  CHECK ((purpose = 'sign-in') = (password_mark IS NOT NULL)),
  CHECK (length(hash) = 32),
  CHECK (length(password_mark) = 32),
  CHECK (tries >= 0)
) STRICT;

-- Tries of one member since `since`, over all challenges and processes.
CREATE TABLE factor_attempt (
  tenant_id BLOB NOT NULL CHECK (length(tenant_id) = 16),
  member_id BLOB NOT NULL CHECK (length(member_id) = 16),
  attempts  INTEGER NOT NULL,
  since     INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, member_id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (attempts >= 0)
) STRICT;

CREATE INDEX factor_member ON factor (tenant_id, member_id);
CREATE UNIQUE INDEX factor_one_totp ON factor (tenant_id, member_id) WHERE kind = 'totp';
CREATE UNIQUE INDEX factor_credential ON factor (tenant_id, credential_hash) WHERE credential_hash IS NOT NULL;
CREATE INDEX factor_challenge_member ON factor_challenge (tenant_id, member_id, expires_at);
CREATE INDEX factor_challenge_login ON factor_challenge (tenant_id, login_id) WHERE login_id IS NOT NULL;

-- When the holder of a login last proved who they are, by anything and by a second factor. NULL in `authenticated_at`: when
-- the login was made.
ALTER TABLE login ADD COLUMN authenticated_at INTEGER;
ALTER TABLE login ADD COLUMN mfa_at INTEGER;
