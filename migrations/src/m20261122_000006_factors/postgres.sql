-- PostgreSQL form of the factors; run as sealtape_owner. The tables read like sqlite.sql; row security and grants follow.

-- One second factor of one member. What proves it is sealed under the member's person key. `counter` is what makes a proof
-- good once: the last accepted step of a TOTP, the signature count of a security key.
CREATE TABLE factor (
  tenant_id       uuid NOT NULL,
  id              uuid NOT NULL,
  member_id       uuid NOT NULL,
  kind            text COLLATE "C" NOT NULL,
  state           text COLLATE "C" NOT NULL,
  name_sealed     bytea,
  secret_sealed   bytea NOT NULL,
  credential_hash bytea,
  counter         bigint NOT NULL,
  created_at      bigint NOT NULL,
  confirmed_at    bigint,
  last_used_at    bigint,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (kind IN ('totp', 'security-key')),
  CHECK (state IN ('pending', 'active')),
  CHECK ((state = 'active') = (confirmed_at IS NOT NULL)),
  CHECK ((kind = 'security-key') = (credential_hash IS NOT NULL)),
  CHECK (octet_length(credential_hash) = 32),
  CHECK (counter >= 0)
);

-- Ten places per member; a new set overwrites the old one in place, so that no mixture of two sets can come to be.
CREATE TABLE recovery_code (
  tenant_id  uuid NOT NULL,
  member_id  uuid NOT NULL,
  n          bigint NOT NULL,
  hash       bytea NOT NULL,
  created_at bigint NOT NULL,
  used_at    bigint,
  PRIMARY KEY (tenant_id, member_id, n),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (n BETWEEN 0 AND 9),
  CHECK (octet_length(hash) = 32)
);

-- A question that waits for its answer: who signs in, steps up or registers a security key, for five minutes.
CREATE TABLE factor_challenge (
  tenant_id     uuid NOT NULL,
  hash          bytea NOT NULL,
  member_id     uuid NOT NULL,
  login_id      uuid,
  purpose       text COLLATE "C" NOT NULL,
  tries         bigint NOT NULL,
  password_mark bytea,
  state_sealed  bytea,
  created_at    bigint NOT NULL,
  expires_at    bigint NOT NULL,
  used_at       bigint,
  PRIMARY KEY (tenant_id, hash),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  FOREIGN KEY (tenant_id, login_id) REFERENCES login (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (purpose IN ('sign-in', 'step-up', 'register')),
  CHECK ((purpose = 'sign-in') = (login_id IS NULL)),
  CHECK ((purpose = 'sign-in') = (password_mark IS NOT NULL)),
  CHECK (octet_length(hash) = 32),
  CHECK (octet_length(password_mark) = 32),
  CHECK (tries >= 0)
);

-- Tries of one member since `since`, over all challenges and processes.
CREATE TABLE factor_attempt (
  tenant_id uuid NOT NULL,
  member_id uuid NOT NULL,
  attempts  bigint NOT NULL,
  since     bigint NOT NULL,
  PRIMARY KEY (tenant_id, member_id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (attempts >= 0)
);

CREATE INDEX factor_member ON factor (tenant_id, member_id);
CREATE UNIQUE INDEX factor_one_totp ON factor (tenant_id, member_id) WHERE kind = 'totp';
CREATE UNIQUE INDEX factor_credential ON factor (tenant_id, credential_hash) WHERE credential_hash IS NOT NULL;
CREATE INDEX factor_challenge_member ON factor_challenge (tenant_id, member_id, expires_at);
CREATE INDEX factor_challenge_login ON factor_challenge (tenant_id, login_id) WHERE login_id IS NOT NULL;

-- When the holder of a login last proved who they are, by anything and by a second factor. NULL in `authenticated_at`: when
-- the login was made.
ALTER TABLE login ADD COLUMN authenticated_at bigint;
ALTER TABLE login ADD COLUMN mfa_at bigint;

SELECT sealtape_protect('factor'), sealtape_protect('recovery_code'), sealtape_protect('factor_challenge'),
       sealtape_protect('factor_attempt');

GRANT SELECT, INSERT, DELETE, UPDATE (state, name_sealed, secret_sealed, counter, confirmed_at, last_used_at) ON factor TO sealtape_app;
GRANT SELECT, INSERT, UPDATE (hash, created_at, used_at) ON recovery_code TO sealtape_app;
GRANT SELECT, INSERT, DELETE, UPDATE (tries, used_at) ON factor_challenge TO sealtape_app;
GRANT SELECT, INSERT, UPDATE (attempts, since) ON factor_attempt TO sealtape_app;
GRANT UPDATE (authenticated_at, mfa_at) ON login TO sealtape_app;
