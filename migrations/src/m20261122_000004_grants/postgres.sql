-- PostgreSQL form of access requests, grants, broken glass and two-person proposals.

-- One row per tenant: the approval rules, and the row whose lock orders what must be counted over a whole tenant.
CREATE TABLE access_rules (
  tenant_id  uuid NOT NULL,
  revision   bigint NOT NULL,
  document   text COLLATE "C" NOT NULL,
  changed_at bigint NOT NULL,
  PRIMARY KEY (tenant_id),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (revision >= 0)
);

-- A request and the grant that comes of it: one row, one id.
CREATE TABLE access_grant (
  tenant_id       uuid NOT NULL,
  id              uuid NOT NULL,
  kind            text COLLATE "C" NOT NULL,
  state           text COLLATE "C" NOT NULL,
  member_id       uuid NOT NULL,
  verb            text COLLATE "C" NOT NULL,
  purpose         text COLLATE "C" NOT NULL,
  reason_sealed   bytea NOT NULL,
  filter          text COLLATE "C",
  duration_s      bigint NOT NULL,
  created_at      bigint NOT NULL,
  decide_by       bigint NOT NULL,
  needs           text COLLATE "C",
  approved_at     bigint,
  activated_at    bigint,
  expires_at      bigint,
  ended_at        bigint,
  ended_reason    text COLLATE "C",
  ended_by        uuid,
  role            text COLLATE "C",
  review_due_at   bigint,
  reminded_at     bigint,
  reviewed_at     bigint,
  reviewed_by     uuid,
  review_outcome  text COLLATE "C",
  review_sealed   bytea,
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
);

-- What it opens. A request with a filter has none until the first approval pins them.
CREATE TABLE access_grant_session (
  tenant_id  uuid NOT NULL,
  grant_id   uuid NOT NULL,
  session_id uuid NOT NULL,
  PRIMARY KEY (tenant_id, grant_id, session_id),
  FOREIGN KEY (tenant_id, grant_id) REFERENCES access_grant (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  FOREIGN KEY (tenant_id, session_id) REFERENCES session (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT
);

-- One voice per person and request, never the requester's: the reference ties `requester_id` to the request's own.
CREATE TABLE access_grant_vote (
  tenant_id      uuid NOT NULL,
  grant_id       uuid NOT NULL,
  member_id      uuid NOT NULL,
  requester_id   uuid NOT NULL,
  vote           text COLLATE "C" NOT NULL,
  seen           bytea NOT NULL,
  comment_sealed bytea,
  at             bigint NOT NULL,
  PRIMARY KEY (tenant_id, grant_id, member_id),
  FOREIGN KEY (tenant_id, grant_id, requester_id) REFERENCES access_grant (tenant_id, id, member_id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (member_id <> requester_id),
  CHECK (vote IN ('approve', 'deny')),
  CHECK (octet_length(seen) = 32)
);

CREATE TABLE proposal (
  tenant_id     uuid NOT NULL,
  id            uuid NOT NULL,
  member_id     uuid NOT NULL,
  kind          text COLLATE "C" NOT NULL,
  change        text COLLATE "C" NOT NULL,
  change_hash   bytea NOT NULL,
  state         text COLLATE "C" NOT NULL,
  created_at    bigint NOT NULL,
  execute_after bigint,
  expires_at    bigint NOT NULL,
  decided_at    bigint,
  decided_by    uuid,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  FOREIGN KEY (tenant_id, decided_by) REFERENCES member (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (octet_length(change_hash) = 32),
  CHECK (state IN ('open', 'executed', 'rejected', 'cancelled', 'expired', 'void')),
  CHECK ((decided_at IS NULL) = (state = 'open')),
  CHECK (state <> 'executed' OR execute_after IS NOT NULL OR (decided_by IS NOT NULL AND decided_by <> member_id)),
  CHECK (state <> 'executed' OR decided_by IS NOT NULL OR decided_at >= execute_after)
);

-- Who invited, promoted or reset whom: for a while such a person does not approve the other's proposals.
CREATE TABLE member_influence (
  tenant_id uuid NOT NULL,
  member_id uuid NOT NULL,
  by_id     uuid NOT NULL,
  kind      text COLLATE "C" NOT NULL,
  at        bigint NOT NULL,
  PRIMARY KEY (tenant_id, member_id, by_id, kind),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  FOREIGN KEY (tenant_id, by_id) REFERENCES member (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (kind IN ('invited', 'promoted', 'reset'))
);

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

SELECT sealtape_protect('access_rules');
SELECT sealtape_protect('access_grant');
SELECT sealtape_protect('access_grant_session');
SELECT sealtape_protect('access_grant_vote');
SELECT sealtape_protect('proposal');
SELECT sealtape_protect('member_influence');

GRANT SELECT, INSERT, UPDATE (revision, document, changed_at) ON access_rules TO sealtape_app;
GRANT SELECT, INSERT, UPDATE (state, needs, approved_at, activated_at, expires_at, ended_at, ended_reason, ended_by,
  reminded_at, reviewed_at, reviewed_by, review_outcome, review_sealed) ON access_grant TO sealtape_app;
-- What a request opens, and who said what, is written once.
GRANT SELECT, INSERT ON access_grant_session, access_grant_vote TO sealtape_app;
GRANT SELECT, INSERT, UPDATE (state, decided_at, decided_by) ON proposal TO sealtape_app;
GRANT SELECT, INSERT, UPDATE (at) ON member_influence TO sealtape_app;
