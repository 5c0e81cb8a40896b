-- PostgreSQL form; run as sealtape_owner.

-- MAC over what a sign-in opens. One from before has none and is over: its member signs in again.
ALTER TABLE login ADD COLUMN mac bytea NOT NULL DEFAULT '';

GRANT UPDATE (mac) ON login TO sealtape_app;
