-- What was created under an Idempotency-Key, so that the same request again gets the same answer.
CREATE TABLE once (
  tenant_id  uuid NOT NULL,
  member_id  uuid NOT NULL,
  key        bytea NOT NULL CHECK (length(key) = 32),
  request    bytea NOT NULL CHECK (length(request) = 32),
  object     uuid NOT NULL,
  created_at bigint NOT NULL,
  PRIMARY KEY (tenant_id, member_id, key),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT
);
SELECT sealtape_protect('once');
GRANT SELECT, INSERT, DELETE ON once TO sealtape_app;
