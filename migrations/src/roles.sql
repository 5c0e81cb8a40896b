-- Makes Sealtape's roles in this cluster and hands the schema of this database to the owner. Run as a superuser.
DO $$
DECLARE
  wanted text;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['sealtape_owner', 'sealtape_app', 'sealtape_system', 'sealtape_lookup'] LOOP
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = wanted) THEN
      BEGIN
        EXECUTE format('CREATE ROLE %I %s NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB', wanted,
                       CASE wanted WHEN 'sealtape_lookup' THEN 'NOLOGIN' ELSE 'LOGIN' END);
      EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; -- another database's run was faster
      END;
    END IF;
  END LOOP;
  -- The owner must be able to hand the look-up functions over.
  IF NOT pg_has_role('sealtape_owner', 'sealtape_lookup', 'MEMBER') THEN
    GRANT sealtape_lookup TO sealtape_owner;
  END IF;
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO sealtape_owner, sealtape_app, sealtape_system', current_database());
END $$;
ALTER SCHEMA public OWNER TO sealtape_owner;
