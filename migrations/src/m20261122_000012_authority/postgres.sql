-- PostgreSQL form; run as sealtape_owner.

-- Roles of a tenant's own: sets of actions. A row without a right MAC gives nothing.
CREATE TABLE custom_role (
  tenant_id  uuid NOT NULL,
  id         uuid NOT NULL,
  name       text COLLATE "C" NOT NULL,
  actions    text COLLATE "C" NOT NULL,
  denies     text COLLATE "C" NOT NULL,
  unmasked   boolean NOT NULL,
  revision   bigint NOT NULL,
  created_at bigint NOT NULL,
  changed_at bigint NOT NULL,
  mac        bytea NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, name),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (octet_length(mac) = 32)
);

SELECT sealtape_protect('custom_role');

-- For which sessions a role is held: a condition as JSON; for all of them without one. One member may hold a role several
-- times, for different sessions.
ALTER TABLE role_binding ADD COLUMN condition text COLLATE "C";
ALTER TABLE role_binding ADD COLUMN mac bytea NOT NULL DEFAULT ''::bytea;
ALTER TABLE role_binding DROP CONSTRAINT role_binding_tenant_id_member_id_role_key;
CREATE UNIQUE INDEX role_binding_whole ON role_binding (tenant_id, member_id, role) WHERE condition IS NULL;
CREATE INDEX role_binding_member ON role_binding (tenant_id, member_id);
CREATE INDEX role_binding_role ON role_binding (tenant_id, role);

GRANT SELECT, INSERT, DELETE, UPDATE (name, actions, denies, unmasked, revision, changed_at, mac) ON custom_role TO sealtape_app;

-- Keys and approvals: one that was written past the service starts nothing and counts for nothing.
ALTER TABLE agent_key ADD COLUMN mac bytea NOT NULL DEFAULT ''::bytea;
ALTER TABLE api_key ADD COLUMN mac bytea NOT NULL DEFAULT ''::bytea;
ALTER TABLE access_grant_vote ADD COLUMN mac bytea NOT NULL DEFAULT ''::bytea;

GRANT UPDATE (mac) ON agent_key, api_key TO sealtape_app;

-- Passwords, links that make or change them, what is open to whom, changes that wait for their second person, and the rules of approvals.
ALTER TABLE member ADD COLUMN mac BYTEA NOT NULL DEFAULT '';
ALTER TABLE access_grant ADD COLUMN mac BYTEA;
ALTER TABLE proposal ADD COLUMN mac BYTEA NOT NULL DEFAULT '';
ALTER TABLE invitation ADD COLUMN mac BYTEA NOT NULL DEFAULT '';
ALTER TABLE password_reset ADD COLUMN mac BYTEA NOT NULL DEFAULT '';
ALTER TABLE access_rules ADD COLUMN mac BYTEA NOT NULL DEFAULT '';
GRANT UPDATE (mac) ON member, invitation, access_grant, access_rules TO sealtape_app;
