-- PostgreSQL form of the visits; run as sealtape_owner. Partitions and grants follow the table.
-- No foreign key: the session before may be erased and its row removed while this one stays.
ALTER TABLE session ADD COLUMN previous_session uuid;
