-- PostgreSQL form; run as sealtape_owner.

-- Receivers of the audit log outside: webhooks and syslog servers. Address and secrets are sealed together.
CREATE TABLE sink (
  tenant_id        uuid NOT NULL,
  id               uuid NOT NULL,
  name             text COLLATE "C" NOT NULL,
  kind             text COLLATE "C" NOT NULL CHECK (kind IN ('webhook', 'syslog')),
  acts             text COLLATE "C",
  settings_sealed  bytea NOT NULL,
  revision         bigint NOT NULL CHECK (revision >= 1),
  created_by       uuid NOT NULL,
  created_at       bigint NOT NULL,
  paused_at        bigint,
  failing_since    bigint,
  told_at          bigint CHECK (told_at IS NULL OR failing_since IS NOT NULL),
  last_delivery_at bigint,
  done_size        bigint NOT NULL DEFAULT 0,
  sent_size        bigint NOT NULL DEFAULT 0 CHECK (sent_size >= 0),
  mac              bytea NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, created_by) REFERENCES member (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (done_size >= sent_size)
);

CREATE INDEX sink_creator ON sink (tenant_id, created_by);

-- Batches on their way, and those that arrived. A batch is named by places in the log and holds none of its entries.
CREATE TABLE sink_delivery (
  tenant_id       uuid NOT NULL,
  id              uuid NOT NULL,
  sink_id         uuid NOT NULL,
  kind            text COLLATE "C" NOT NULL CHECK (kind IN ('batch', 'test')),
  from_index      bigint NOT NULL CHECK (from_index >= 0),
  first_index     bigint NOT NULL CHECK (first_index >= from_index),
  to_index        bigint NOT NULL CHECK (to_index >= first_index),
  entries         bigint NOT NULL CHECK (entries BETWEEN 0 AND to_index - first_index),
  checkpoint_size bigint NOT NULL,
  acts            text COLLATE "C",
  state           text COLLATE "C" NOT NULL CHECK (state IN ('waiting', 'delivered', 'failed')),
  attempts        bigint NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  next_at         bigint CHECK (next_at IS NULL OR state = 'waiting'),
  last_status     bigint,
  last_problem    text COLLATE "C",
  created_at      bigint NOT NULL,
  delivered_at    bigint CHECK (delivered_at IS NOT NULL OR state <> 'delivered'),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, sink_id) REFERENCES sink (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT
);

CREATE INDEX sink_delivery_sink ON sink_delivery (tenant_id, sink_id, id);
CREATE INDEX sink_delivery_due ON sink_delivery (tenant_id, sink_id, next_at) WHERE state = 'waiting';
-- Two processes that make the next batch at one moment make one.
CREATE UNIQUE INDEX sink_delivery_range ON sink_delivery (tenant_id, sink_id, from_index) WHERE kind = 'batch';

SELECT sealtape_protect('sink'), sealtape_protect('sink_delivery');

GRANT SELECT, INSERT, DELETE ON sink, sink_delivery TO sealtape_app;
GRANT UPDATE (name, acts, settings_sealed, revision, paused_at, failing_since, told_at, last_delivery_at, done_size, sent_size, mac)
  ON sink TO sealtape_app;
GRANT UPDATE (state, attempts, next_at, last_status, last_problem, delivered_at) ON sink_delivery TO sealtape_app;
