-- SQLite form; postgres.sql reads like it.

-- Each tenant's audit log as a Merkle tree: how large it is, the hashes that are kept of it, and what was signed. The
-- entries themselves stay in audit_outbox, under their place in the tree.
CREATE UNIQUE INDEX audit_outbox_place ON audit_outbox (tenant_id, leaf_index) WHERE leaf_index IS NOT NULL;

CREATE TABLE audit_head (
  tenant_id    BLOB NOT NULL CHECK (length(tenant_id) = 16),
  size         INTEGER NOT NULL CHECK (size >= 0 AND size < 9007199254740992),
  root         BLOB NOT NULL CHECK (length(root) = 32),
  frontier     BLOB NOT NULL CHECK (length(frontier) % 32 = 0),
  sequenced_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id) ON DELETE RESTRICT ON UPDATE RESTRICT
) STRICT;

CREATE TABLE audit_tile (
  tenant_id BLOB NOT NULL CHECK (length(tenant_id) = 16),
  level     INTEGER NOT NULL CHECK (level BETWEEN 0 AND 6),
  number    INTEGER NOT NULL CHECK (number >= 0),
  hashes    BLOB NOT NULL CHECK (length(hashes) % 32 = 0 AND length(hashes) BETWEEN 32 AND 8192),
  PRIMARY KEY (tenant_id, level, number),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id) ON DELETE RESTRICT ON UPDATE RESTRICT
) STRICT;

CREATE TABLE audit_checkpoint (
  tenant_id BLOB NOT NULL CHECK (length(tenant_id) = 16),
  size      INTEGER NOT NULL CHECK (size > 0 AND size < 9007199254740992),
  signed_at INTEGER NOT NULL,
  root      BLOB NOT NULL CHECK (length(root) = 32),
  note      TEXT NOT NULL,
  PRIMARY KEY (tenant_id, size, signed_at),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id) ON DELETE RESTRICT ON UPDATE RESTRICT
) STRICT;

-- A leaf comes without a place: the sequencer gives it, once.
CREATE TRIGGER audit_outbox_waits BEFORE INSERT ON audit_outbox WHEN NEW.leaf_index IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'audit_outbox rows come without a place'); END;

-- A log only grows.
CREATE TRIGGER audit_head_grows BEFORE UPDATE ON audit_head
WHEN NEW.tenant_id <> OLD.tenant_id OR NEW.size <= OLD.size
BEGIN SELECT RAISE(ABORT, 'a log only grows'); END;
CREATE TRIGGER audit_head_kept BEFORE DELETE ON audit_head
BEGIN SELECT RAISE(ABORT, 'audit_head rows are kept'); END;

CREATE TRIGGER audit_tile_grows BEFORE UPDATE ON audit_tile
WHEN NEW.tenant_id <> OLD.tenant_id OR NEW.level <> OLD.level OR NEW.number <> OLD.number
  OR length(NEW.hashes) <= length(OLD.hashes) OR substr(NEW.hashes, 1, length(OLD.hashes)) <> OLD.hashes
BEGIN SELECT RAISE(ABORT, 'a tile only grows'); END;
CREATE TRIGGER audit_tile_kept BEFORE DELETE ON audit_tile
BEGIN SELECT RAISE(ABORT, 'audit_tile rows are kept'); END;

CREATE TRIGGER audit_checkpoint_immutable BEFORE UPDATE ON audit_checkpoint
BEGIN SELECT RAISE(ABORT, 'audit_checkpoint rows are immutable'); END;
CREATE TRIGGER audit_checkpoint_kept BEFORE DELETE ON audit_checkpoint
BEGIN SELECT RAISE(ABORT, 'audit_checkpoint rows are kept'); END;
