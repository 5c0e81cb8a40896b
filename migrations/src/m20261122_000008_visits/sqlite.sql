-- No foreign key: the session before may be erased and its row removed while this one stays.
ALTER TABLE session ADD COLUMN previous_session BLOB CHECK (length(previous_session) = 16);
