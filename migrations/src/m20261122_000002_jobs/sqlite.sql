-- SQLite form of background work, notices and mail.

-- What a tenant may know of its background work: payload, state and report. `attempt` fences: whoever holds the highest
-- number is the one whose word counts.
CREATE TABLE job_run (
  tenant_id   BLOB NOT NULL CHECK (length(tenant_id) = 16),
  id          BLOB NOT NULL CHECK (length(id) = 16),
  kind        TEXT NOT NULL,
  state       TEXT NOT NULL,
  slot        TEXT,
  attempt     INTEGER NOT NULL,
  failures    INTEGER NOT NULL,
  payload     TEXT NOT NULL,
  report      TEXT,
  quiet       INTEGER NOT NULL CHECK (quiet IN (0, 1)),
  reason      TEXT,
  created_at  INTEGER NOT NULL,
  due_at      INTEGER NOT NULL,
  started_at  INTEGER,
  finished_at INTEGER,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, kind, slot),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (state IN ('waiting', 'running', 'done', 'failed')),
  CHECK (attempt >= 0 AND failures >= 0),
  CHECK ((finished_at IS NOT NULL) = (state IN ('done', 'failed')))
) STRICT;

-- The queue: what a runner sees before it knows the tenant. A claim moves `due` to the end of the lease, so that one
-- comparison finds both what is due and what a dead process left behind.
CREATE TABLE job (
  tenant_id BLOB NOT NULL CHECK (length(tenant_id) = 16),
  id        BLOB NOT NULL CHECK (length(id) = 16),
  kind      TEXT NOT NULL,
  due       INTEGER NOT NULL,
  lease     BLOB CHECK (length(lease) = 16),
  attempt   INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, id) REFERENCES job_run (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (attempt >= 0)
) STRICT;

-- One line of somebody's inbox, or of their next digest.
CREATE TABLE notice (
  tenant_id  BLOB NOT NULL CHECK (length(tenant_id) = 16),
  id         BLOB NOT NULL CHECK (length(id) = 16),
  member_id  BLOB NOT NULL CHECK (length(member_id) = 16),
  kind       TEXT NOT NULL,
  about_kind TEXT,
  about_id   TEXT,
  inbox      INTEGER NOT NULL CHECK (inbox IN (0, 1)),
  mail       TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  read_at    INTEGER,
  mailed_at  INTEGER,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (mail IN ('now', 'digest', 'off')),
  CHECK ((about_kind IS NULL) = (about_id IS NULL))
) STRICT;

CREATE TABLE notice_preference (
  tenant_id  BLOB NOT NULL CHECK (length(tenant_id) = 16),
  member_id  BLOB NOT NULL CHECK (length(member_id) = 16),
  kind       TEXT NOT NULL,
  inbox      INTEGER NOT NULL CHECK (inbox IN (0, 1)),
  mail       TEXT NOT NULL,
  changed_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, member_id, kind),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (mail IN ('now', 'digest', 'off'))
) STRICT;

CREATE TABLE member_language (
  tenant_id  BLOB NOT NULL CHECK (length(tenant_id) = 16),
  member_id  BLOB NOT NULL CHECK (length(member_id) = 16),
  language   TEXT NOT NULL,
  changed_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, member_id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (language IN ('en', 'de'))
) STRICT;

-- Letters on their way out. A member's letter names the member and is addressed when it is sent; a letter to somebody
-- else is sealed under that person's key, and emptied once it is sent.
CREATE TABLE mail (
  tenant_id     BLOB NOT NULL CHECK (length(tenant_id) = 16),
  id            BLOB NOT NULL CHECK (length(id) = 16),
  kind          TEXT NOT NULL,
  notice_kind   TEXT,
  member_id     BLOB CHECK (length(member_id) = 16),
  person_key_id BLOB CHECK (length(person_key_id) = 16),
  sealed        BLOB,
  state         TEXT NOT NULL,
  reason        TEXT,
  created_at    INTEGER NOT NULL,
  settled_at    INTEGER,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  FOREIGN KEY (tenant_id, person_key_id) REFERENCES person_key (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (state IN ('queued', 'kept', 'sent', 'failed')),
  CHECK ((member_id IS NULL) <> (person_key_id IS NULL)),
  CHECK (sealed IS NULL OR person_key_id IS NOT NULL),
  CHECK ((settled_at IS NULL) = (state = 'queued'))
) STRICT;

-- Refresh hashes of an ended sign-in are removed once.
ALTER TABLE login ADD COLUMN tidied_at INTEGER;

CREATE INDEX job_run_state ON job_run (tenant_id, state, id);
CREATE INDEX job_run_quiet ON job_run (tenant_id, finished_at) WHERE quiet AND finished_at IS NOT NULL;
CREATE INDEX job_run_finished ON job_run (tenant_id, finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX job_due ON job (due);
CREATE INDEX job_turn ON job (tenant_id, due, id);
CREATE INDEX job_leased ON job (tenant_id, due) WHERE lease IS NOT NULL;
CREATE INDEX notice_inbox ON notice (tenant_id, member_id, id) WHERE inbox;
CREATE INDEX notice_unread ON notice (tenant_id, member_id) WHERE inbox AND read_at IS NULL;
CREATE INDEX notice_unmailed ON notice (tenant_id, mail, id) WHERE mailed_at IS NULL AND mail <> 'off';
CREATE INDEX notice_member ON notice (tenant_id, member_id, created_at);
CREATE INDEX mail_waiting ON mail (tenant_id, id) WHERE state IN ('queued', 'kept');
CREATE INDEX mail_settled ON mail (tenant_id, settled_at) WHERE settled_at IS NOT NULL;
CREATE INDEX mail_member ON mail (tenant_id, member_id) WHERE member_id IS NOT NULL;
CREATE INDEX mail_person ON mail (tenant_id, person_key_id) WHERE person_key_id IS NOT NULL;
CREATE INDEX login_untidied ON login (tenant_id, expires_at) WHERE tidied_at IS NULL;
