-- SQLite form; postgres.sql reads like it.

-- Roles of a tenant's own: sets of actions. A row without a right MAC gives nothing.
CREATE TABLE custom_role (
  tenant_id  BLOB NOT NULL CHECK (length(tenant_id) = 16),
  id         BLOB NOT NULL CHECK (length(id) = 16),
  name       TEXT NOT NULL,
  actions    TEXT NOT NULL,
  denies     TEXT NOT NULL,
  unmasked   INTEGER NOT NULL CHECK (unmasked IN (0, 1)),
  revision   INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  mac        BLOB NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, name),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (length(mac) = 32)
) STRICT;

-- For which sessions a role is held: a condition as JSON; for all of them without one. One member may hold a role several
-- times, for different sessions: SQLite drops the old constraint with its table only, and nothing refers to this one.
ALTER TABLE role_binding RENAME TO role_binding_before;

CREATE TABLE role_binding (
  tenant_id  BLOB NOT NULL CHECK (length(tenant_id) = 16),
  id         BLOB NOT NULL CHECK (length(id) = 16),
  member_id  BLOB NOT NULL CHECK (length(member_id) = 16),
  role       TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  condition  TEXT,
  mac        BLOB NOT NULL DEFAULT x'',
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT
) STRICT;

INSERT INTO role_binding (tenant_id, id, member_id, role, created_at)
SELECT tenant_id, id, member_id, role, created_at FROM role_binding_before;

DROP TABLE role_binding_before;

CREATE UNIQUE INDEX role_binding_whole ON role_binding (tenant_id, member_id, role) WHERE condition IS NULL;
CREATE INDEX role_binding_member ON role_binding (tenant_id, member_id);
CREATE INDEX role_binding_role ON role_binding (tenant_id, role);

-- Keys and approvals: one that was written past the service starts nothing and counts for nothing.
ALTER TABLE agent_key ADD COLUMN mac BLOB NOT NULL DEFAULT x'';
ALTER TABLE api_key ADD COLUMN mac BLOB NOT NULL DEFAULT x'';
ALTER TABLE access_grant_vote ADD COLUMN mac BLOB NOT NULL DEFAULT x'';

-- Passwords, links that make or change them, what is open to whom, changes that wait for their second person, and the rules of approvals.
ALTER TABLE member ADD COLUMN mac BLOB NOT NULL DEFAULT x'';
ALTER TABLE access_grant ADD COLUMN mac BLOB;
ALTER TABLE proposal ADD COLUMN mac BLOB NOT NULL DEFAULT x'';
ALTER TABLE invitation ADD COLUMN mac BLOB NOT NULL DEFAULT x'';
ALTER TABLE password_reset ADD COLUMN mac BLOB NOT NULL DEFAULT x'';
ALTER TABLE access_rules ADD COLUMN mac BLOB NOT NULL DEFAULT x'';
