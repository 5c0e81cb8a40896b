-- What was created under an Idempotency-Key, so that the same request again gets the same answer.
CREATE TABLE once (
  tenant_id  BLOB NOT NULL CHECK (length(tenant_id) = 16),
  member_id  BLOB NOT NULL CHECK (length(member_id) = 16),
  key        BLOB NOT NULL CHECK (length(key) = 32),
  request    BLOB NOT NULL CHECK (length(request) = 32),
  object     BLOB NOT NULL CHECK (length(object) = 16),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, member_id, key),
  FOREIGN KEY (tenant_id, member_id) REFERENCES member (tenant_id, id) ON DELETE RESTRICT ON UPDATE RESTRICT
) STRICT, WITHOUT ROWID;
