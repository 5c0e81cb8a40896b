-- SQLite form; postgres.sql reads like it.

-- What is recorded in a restricted project is opened by few. A session takes its project's sensitivity when it starts.
ALTER TABLE project ADD COLUMN sensitivity TEXT NOT NULL DEFAULT 'normal' CHECK (sensitivity IN ('normal', 'restricted'));
ALTER TABLE session ADD COLUMN sensitivity TEXT NOT NULL DEFAULT 'normal' CHECK (sensitivity IN ('normal', 'restricted'));
