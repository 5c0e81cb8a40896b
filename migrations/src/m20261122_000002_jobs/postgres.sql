-- PostgreSQL form of background work, notices and mail; run as sealtape_owner. The tables read like sqlite.sql; row
-- security, the queue's functions and grants follow.

-- What a tenant may know of its background work: payload, state and report. `attempt` fences: whoever holds the highest
-- number is the one whose word counts.
CREATE TABLE job_run (
  tenant_id   uuid NOT NULL,
  id          uuid NOT NULL,
  kind        text COLLATE "C" NOT NULL,
  state       text COLLATE "C" NOT NULL,
  slot        text COLLATE "C",
  attempt     bigint NOT NULL,
  failures    bigint NOT NULL,
  payload     text COLLATE "C" NOT NULL,
  report      text COLLATE "C",
  quiet       boolean NOT NULL,
  reason      text COLLATE "C",
  created_at  bigint NOT NULL,
  due_at      bigint NOT NULL,
  started_at  bigint,
  finished_at bigint,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, kind, slot),
  FOREIGN KEY (tenant_id) REFERENCES tenant (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (state IN ('waiting', 'running', 'done', 'failed')),
  CHECK (attempt >= 0 AND failures >= 0),
  CHECK ((finished_at IS NOT NULL) = (state IN ('done', 'failed')))
);

-- The queue: what a runner sees before it knows the tenant. A claim moves `due` to the end of the lease, so that one
-- comparison finds both what is due and what a dead process left behind.
CREATE TABLE job (
  tenant_id uuid NOT NULL,
  id        uuid NOT NULL,
  kind      text COLLATE "C" NOT NULL,
  due       bigint NOT NULL,
  lease     uuid,
  attempt   bigint NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, id) REFERENCES job_run (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (attempt >= 0)
);

-- One line of somebody's inbox, or of their next digest.
CREATE TABLE notice (
  tenant_id  uuid NOT NULL,
  id         uuid NOT NULL,
  member_id  uuid NOT NULL,
  kind       text COLLATE "C" NOT NULL,
  about_kind text COLLATE "C",
  about_id   text COLLATE "C",
  inbox      boolean NOT NULL,
  mail       text COLLATE "C" NOT NULL,
  created_at bigint NOT NULL,
  read_at    bigint,
  mailed_at  bigint,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (mail IN ('now', 'digest', 'off')),
  CHECK ((about_kind IS NULL) = (about_id IS NULL))
);

CREATE TABLE notice_preference (
  tenant_id  uuid NOT NULL,
  member_id  uuid NOT NULL,
  kind       text COLLATE "C" NOT NULL,
  inbox      boolean NOT NULL,
  mail       text COLLATE "C" NOT NULL,
  changed_at bigint NOT NULL,
  PRIMARY KEY (tenant_id, member_id, kind),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (mail IN ('now', 'digest', 'off'))
);

CREATE TABLE member_language (
  tenant_id  uuid NOT NULL,
  member_id  uuid NOT NULL,
  language   text COLLATE "C" NOT NULL,
  changed_at bigint NOT NULL,
  PRIMARY KEY (tenant_id, member_id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (language IN ('en', 'de'))
);

-- Letters on their way out. A member's letter names the member and is addressed when it is sent; a letter to somebody
-- else is sealed under that person's key, and emptied once it is sent.
CREATE TABLE mail (
  tenant_id     uuid NOT NULL,
  id            uuid NOT NULL,
  kind          text COLLATE "C" NOT NULL,
  notice_kind   text COLLATE "C",
  member_id     uuid,
  person_key_id uuid,
  sealed        bytea,
  state         text COLLATE "C" NOT NULL,
  reason        text COLLATE "C",
  created_at    bigint NOT NULL,
  settled_at    bigint,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  FOREIGN KEY (tenant_id, person_key_id) REFERENCES person_key (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  CHECK (state IN ('queued', 'kept', 'sent', 'failed')),
  CHECK ((member_id IS NULL) <> (person_key_id IS NULL)),
  CHECK (sealed IS NULL OR person_key_id IS NOT NULL),
  CHECK ((settled_at IS NULL) = (state = 'queued'))
);

-- Refresh hashes of an ended sign-in are removed once.
ALTER TABLE login ADD COLUMN tidied_at bigint;

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

SELECT sealtape_protect(wanted::regclass)
FROM unnest(ARRAY['job_run', 'notice', 'notice_preference', 'member_language', 'mail']) AS wanted;

-- The queue: the app role adds to it and gives back what it holds, for its own tenant and through these alone. ----------

CREATE FUNCTION job_put(claimed uuid, new_id uuid, new_kind text, new_due bigint)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF claimed IS DISTINCT FROM current_setting('app.tenant_id')::uuid THEN
    RAISE EXCEPTION 'another tenant''s job';
  END IF;
  INSERT INTO public.job (tenant_id, id, kind, due, attempt) VALUES (claimed, new_id, new_kind, new_due, 0);
END $$;

-- `next` says when to try again; without it the job is over.
CREATE FUNCTION job_settle(claimed uuid, settled uuid, held bigint, next bigint)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF claimed IS DISTINCT FROM current_setting('app.tenant_id')::uuid THEN
    RAISE EXCEPTION 'another tenant''s job';
  END IF;
  IF next IS NULL THEN
    DELETE FROM public.job j WHERE j.tenant_id = claimed AND j.id = settled AND j.attempt = held;
  ELSE
    UPDATE public.job j SET due = next, lease = NULL WHERE j.tenant_id = claimed AND j.id = settled AND j.attempt = held;
  END IF;
  RETURN FOUND;
END $$;

-- Everything that makes one row of the tenant findable is forgotten; says how much that was.
CREATE FUNCTION credential_forget(claimed uuid, old_kind text, old_id uuid)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  forgotten bigint;
BEGIN
  IF claimed IS DISTINCT FROM current_setting('app.tenant_id')::uuid THEN
    RAISE EXCEPTION 'another tenant''s credential';
  END IF;
  DELETE FROM public.credential_index c WHERE c.tenant_id = claimed AND c.kind = old_kind AND c.id = old_id;
  GET DIAGNOSTICS forgotten = ROW_COUNT;
  RETURN forgotten;
END $$;

-- A function's new owner must hold CREATE on the schema for the moment of the change.
GRANT CREATE ON SCHEMA public TO sealtape_lookup;
ALTER FUNCTION job_put(uuid, uuid, text, bigint) OWNER TO sealtape_lookup;
ALTER FUNCTION job_settle(uuid, uuid, bigint, bigint) OWNER TO sealtape_lookup;
ALTER FUNCTION credential_forget(uuid, text, uuid) OWNER TO sealtape_lookup;
REVOKE CREATE ON SCHEMA public FROM sealtape_lookup;

SET LOCAL ROLE sealtape_lookup;
REVOKE ALL ON FUNCTION job_put(uuid, uuid, text, bigint), job_settle(uuid, uuid, bigint, bigint),
  credential_forget(uuid, text, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION job_put(uuid, uuid, text, bigint), job_settle(uuid, uuid, bigint, bigint),
  credential_forget(uuid, text, uuid) TO sealtape_app;
SET LOCAL ROLE sealtape_owner;

-- Grants -----------------------------------------------------------------------------------------------------------

GRANT SELECT, INSERT, UPDATE (due, lease), DELETE ON job TO sealtape_lookup;
GRANT SELECT (tenant_id, id, kind, due, lease, attempt), UPDATE (due, lease, attempt) ON job TO sealtape_system;
GRANT SELECT, INSERT, DELETE,
  UPDATE (state, slot, attempt, failures, report, quiet, reason, due_at, started_at, finished_at) ON job_run TO sealtape_app;
GRANT SELECT, INSERT, DELETE, UPDATE (read_at, mailed_at) ON notice TO sealtape_app;
GRANT SELECT, INSERT, UPDATE (inbox, mail, changed_at) ON notice_preference TO sealtape_app;
GRANT SELECT, INSERT, UPDATE (language, changed_at) ON member_language TO sealtape_app;
GRANT SELECT, INSERT, DELETE, UPDATE (sealed, state, reason, settled_at) ON mail TO sealtape_app;
GRANT UPDATE (tidied_at) ON login TO sealtape_app;
