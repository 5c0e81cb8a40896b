-- SQLite form; postgres.sql reads like it.

-- Receivers of the audit log outside: webhooks and syslog servers. Address and secrets are sealed together.
CREATE TABLE sink (
  tenant_id        BLOB NOT NULL CHECK (length(tenant_id) = 16),
  id               BLOB NOT NULL CHECK (length(id) = 16),
  name             TEXT NOT NULL,
  kind             TEXT NOT NULL CHECK (kind IN ('webhook', 'syslog')),
  acts             TEXT,
  settings_sealed  BLOB NOT NULL,
  revision         INTEGER NOT NULL CHECK (revision >= 1),
  created_by       BLOB NOT NULL CHECK (length(created_by) = 16),
  created_at       INTEGER NOT NULL,
  paused_at        INTEGER,
  failing_since    INTEGER,
  told_at          INTEGER CHECK (told_at IS NULL OR failing_since IS NOT NULL),
  last_delivery_at INTEGER,
  done_size        INTEGER NOT NULL DEFAULT 0,
  sent_size        INTEGER NOT NULL DEFAULT 0 CHECK (sent_size >= 0),
  mac              BLOB NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, created_by) REFERENCES member (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (done_size >= sent_size)
) STRICT;

CREATE INDEX sink_creator ON sink (tenant_id, created_by);

-- Batches on their way, and those that arrived. A batch is named by places in the log and holds none of its entries.
CREATE TABLE sink_delivery (
  tenant_id       BLOB NOT NULL CHECK (length(tenant_id) = 16),
  id              BLOB NOT NULL CHECK (length(id) = 16),
  sink_id         BLOB NOT NULL CHECK (length(sink_id) = 16),
  kind            TEXT NOT NULL CHECK (kind IN ('batch', 'test')),
  from_index      INTEGER NOT NULL CHECK (from_index >= 0),
  first_index     INTEGER NOT NULL CHECK (first_index >= from_index),
  to_index        INTEGER NOT NULL CHECK (to_index >= first_index),
  entries         INTEGER NOT NULL CHECK (entries BETWEEN 0 AND to_index - first_index),
  checkpoint_size INTEGER NOT NULL,
  acts            TEXT,
  state           TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'failed')),
  attempts        INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  next_at         INTEGER CHECK (next_at IS NULL OR state = 'waiting'),
  last_status     INTEGER,
  last_problem    TEXT,
  created_at      INTEGER NOT NULL,
  delivered_at    INTEGER CHECK (delivered_at IS NOT NULL OR state <> 'delivered'),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, sink_id) REFERENCES sink (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT
) STRICT;

CREATE INDEX sink_delivery_sink ON sink_delivery (tenant_id, sink_id, id);
CREATE INDEX sink_delivery_due ON sink_delivery (tenant_id, sink_id, next_at) WHERE state = 'waiting';
-- Two processes that make the next batch at one moment make one.
CREATE UNIQUE INDEX sink_delivery_range ON sink_delivery (tenant_id, sink_id, from_index) WHERE kind = 'batch';
