-- SQLite form of access requests, grants, broken glass and two-person proposals.

-- One row per tenant: the approval rules, and the row whose lock orders what must be counted over a whole tenant.
CREATE TABLE access_rules (
  tenant_id  BLOB NOT NULL CHECK (length(tenant_id) = 16),
  revision   INTEGER NOT NULL,
  document   TEXT NOT NULL,
  changed_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (revision >= 0)
) STRICT;

-- A request and the grant that comes of it: one row, one id.
CREATE TABLE access_grant (
  tenant_id       BLOB NOT NULL CHECK (length(tenant_id) = 16),
  id              BLOB NOT NULL CHECK (length(id) = 16),
  kind            TEXT NOT NULL,
  state           TEXT NOT NULL,
  member_id       BLOB NOT NULL CHECK (length(member_id) = 16),
  verb            TEXT NOT NULL,
  purpose         TEXT NOT NULL,
  reason_sealed   BLOB NOT NULL,
  filter          TEXT,
  duration_s      INTEGER NOT NULL,
  created_at      INTEGER NOT NULL,
  decide_by       INTEGER NOT NULL,
  needs           TEXT,
  approved_at     INTEGER,
  activated_at    INTEGER,
  expires_at      INTEGER,
  ended_at        INTEGER,
  ended_reason    TEXT,
  ended_by        BLOB CHECK (length(ended_by) = 16),
  role            TEXT,
  review_due_at   INTEGER,
  reminded_at     INTEGER,
  reviewed_at     INTEGER,
  reviewed_by     BLOB CHECK (length(reviewed_by) = 16),
  review_outcome  TEXT,
  review_sealed   BLOB,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, id, member_id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  FOREIGN KEY (tenant_id, ended_by) REFERENCES member (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  FOREIGN KEY (tenant_id, reviewed_by) REFERENCES member (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (kind IN ('request', 'break-glass')),
  CHECK (state IN ('pending', 'approved', 'active', 'expired', 'revoked', 'denied', 'lapsed')),
  CHECK (verb IN ('view', 'view-unmasked', 'export')),
  CHECK (duration_s BETWEEN 1 AND 28800),
  CHECK (state NOT IN ('approved', 'active', 'expired', 'revoked') OR (approved_at IS NOT NULL AND expires_at IS NOT NULL)),
  CHECK (expires_at IS NULL OR expires_at <= approved_at + 28800000000),
  CHECK ((ended_at IS NULL) = (state IN ('pending', 'approved', 'active'))),
  CHECK ((ended_at IS NULL) = (ended_reason IS NULL)),
  CHECK (kind = 'request' OR (verb = 'view' AND role IS NOT NULL AND review_due_at IS NOT NULL AND duration_s <= 3600)),
  CHECK ((reviewed_at IS NULL) = (reviewed_by IS NULL) AND (reviewed_at IS NULL) = (review_outcome IS NULL)),
  CHECK (review_outcome IN ('justified', 'unjustified')),
  CHECK (reviewed_by IS NULL OR reviewed_by <> member_id)
) STRICT;

-- What it opens. A request with a filter has none until the first approval pins them.
CREATE TABLE access_grant_session (
  tenant_id  BLOB NOT NULL CHECK (length(tenant_id) = 16),
  grant_id   BLOB NOT NULL CHECK (length(grant_id) = 16),
  session_id BLOB NOT NULL CHECK (length(session_id) = 16),
  PRIMARY KEY (tenant_id, grant_id, session_id),
  FOREIGN KEY (tenant_id, grant_id) REFERENCES access_grant (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  FOREIGN KEY (tenant_id, session_id) REFERENCES session (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT
) STRICT;

-- One voice per person and request, never the requester's: the reference ties `requester_id` to the request's own.
CREATE TABLE access_grant_vote (
  tenant_id      BLOB NOT NULL CHECK (length(tenant_id) = 16),
  grant_id       BLOB NOT NULL CHECK (length(grant_id) = 16),
  member_id      BLOB NOT NULL CHECK (length(member_id) = 16),
  requester_id   BLOB NOT NULL CHECK (length(requester_id) = 16),
  vote           TEXT NOT NULL,
  seen           BLOB NOT NULL,
  comment_sealed BLOB,
  at             INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, grant_id, member_id),
  FOREIGN KEY (tenant_id, grant_id, requester_id) REFERENCES access_grant (tenant_id, id, member_id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (member_id <> requester_id),
  CHECK (vote IN ('approve', 'deny')),
  CHECK (length(seen) = 32)
) STRICT;

CREATE TABLE proposal (
  tenant_id     BLOB NOT NULL CHECK (length(tenant_id) = 16),
  id            BLOB NOT NULL CHECK (length(id) = 16),
  member_id     BLOB NOT NULL CHECK (length(member_id) = 16),
  kind          TEXT NOT NULL,
  change        TEXT NOT NULL,
  change_hash   BLOB NOT NULL,
  state         TEXT NOT NULL,
  created_at    INTEGER NOT NULL,
  execute_after INTEGER,
  expires_at    INTEGER NOT NULL,
  decided_at    INTEGER,
  decided_by    BLOB CHECK (length(decided_by) = 16),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  FOREIGN KEY (tenant_id, decided_by) REFERENCES member (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (length(change_hash) = 32),
  CHECK (state IN ('open', 'executed', 'rejected', 'cancelled', 'expired', 'void')),
  CHECK ((decided_at IS NULL) = (state = 'open')),
  CHECK (state <> 'executed' OR execute_after IS NOT NULL OR (decided_by IS NOT NULL AND decided_by <> member_id)),
  CHECK (state <> 'executed' OR decided_by IS NOT NULL OR decided_at >= execute_after)
) STRICT;

-- Who invited, promoted or reset whom: for a while such a person does not approve the other's proposals.
CREATE TABLE member_influence (
  tenant_id BLOB NOT NULL CHECK (length(tenant_id) = 16),
  member_id BLOB NOT NULL CHECK (length(member_id) = 16),
  by_id     BLOB NOT NULL CHECK (length(by_id) = 16),
  kind      TEXT NOT NULL,
  at        INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, member_id, by_id, kind),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  FOREIGN KEY (tenant_id, by_id) REFERENCES member (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (kind IN ('invited', 'promoted', 'reset'))
) STRICT;

CREATE INDEX access_grant_member ON access_grant (tenant_id, member_id, id);
CREATE INDEX access_grant_live ON access_grant (tenant_id, id) WHERE state IN ('pending', 'approved', 'active');
CREATE INDEX access_grant_unreviewed ON access_grant (tenant_id, review_due_at, id) WHERE kind = 'break-glass' AND reviewed_at IS NULL;
CREATE INDEX access_grant_broken ON access_grant (tenant_id, created_at) WHERE kind = 'break-glass';
CREATE INDEX access_grant_ended_by ON access_grant (tenant_id, ended_by) WHERE ended_by IS NOT NULL;
CREATE INDEX access_grant_reviewed_by ON access_grant (tenant_id, reviewed_by) WHERE reviewed_by IS NOT NULL;
CREATE INDEX access_grant_session_of ON access_grant_session (tenant_id, session_id, grant_id);
CREATE INDEX access_grant_vote_request ON access_grant_vote (tenant_id, grant_id, requester_id);
CREATE INDEX access_grant_vote_member ON access_grant_vote (tenant_id, member_id);
CREATE INDEX proposal_open ON proposal (tenant_id, id) WHERE state = 'open';
CREATE INDEX proposal_member ON proposal (tenant_id, member_id);
CREATE INDEX proposal_decided_by ON proposal (tenant_id, decided_by) WHERE decided_by IS NOT NULL;
CREATE INDEX member_influence_by ON member_influence (tenant_id, by_id, member_id);
