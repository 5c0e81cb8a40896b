-- SQLite form; postgres.sql reads like it.

-- MAC over what a sign-in opens. One from before has none and is over: its member signs in again.
ALTER TABLE login ADD COLUMN mac BLOB NOT NULL DEFAULT x'';
