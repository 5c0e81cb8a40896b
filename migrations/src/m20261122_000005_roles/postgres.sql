-- PostgreSQL form; run as sealtape_owner.

-- What is recorded in a restricted project is opened by few. A session takes its project's sensitivity when it starts.
ALTER TABLE project ADD COLUMN sensitivity text COLLATE "C" NOT NULL DEFAULT 'normal'
  CHECK (sensitivity IN ('normal', 'restricted'));
ALTER TABLE session ADD COLUMN sensitivity text COLLATE "C" NOT NULL DEFAULT 'normal'
  CHECK (sensitivity IN ('normal', 'restricted'));

GRANT UPDATE (sensitivity) ON project TO sealtape_app;
