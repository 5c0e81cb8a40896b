//! A tenant's audit log as it is read: leaves in their places, tiles, signed checkpoints.

use std::{ops::Range, time::Duration};

use domain::{AuditId, SubjectId, TenantId, Timestamp};
use sea_orm::{
    ColumnTrait as _, ExprTrait as _, QueryFilter as _, QueryOrder as _, QueryResult, QuerySelect as _, Select, Value,
};

use crate::scope::{TenantScoped as _, table};
use crate::stored::Stored as _;
use crate::{AlarmReason, Backend, StoreError, TenantRead};

table! {
    /// A head of the log as it was signed.
    AuditCheckpointRow in audit_checkpoint = "audit_checkpoint" {
        key {
            /// Whose log.
            tenant_id: TenantId = Uuid,
            /// Number of leaves.
            size: u64 = i64,
            /// When it was signed.
            signed_at: Timestamp = i64,
        }
        /// The root at that size.
        root: [u8; 32] = Vec<u8>,
        /// The signed note.
        note: String = String,
    }
}
use audit_checkpoint::{Column, Entity};

table! {
    /// A log that the signer refuses to sign.
    AuditAlarmRow in audit_alarm = "audit_alarm" {
        key {
            /// Whose log.
            tenant_id: TenantId = Uuid,
        }
        /// Since when.
        since: Timestamp = i64,
        /// Why.
        reason: AlarmReason = String,
        /// The first index that does not fit, where there is one.
        place: Option<u64> = Option<i64>,
    }
}

table! {
    /// A head of the deployment's own log with what outside witnesses signed of it.
    AuditWitnessedRow in audit_witnessed = "audit_witnessed" {
        key {
            /// Always [`TenantId::DEPLOYMENT`].
            tenant_id: TenantId = Uuid,
            /// Number of leaves.
            size: u64 = i64,
            /// When the first of the witnesses looked.
            witnessed_at: Timestamp = i64,
        }
        /// How many witnesses signed.
        witnesses: u64 = i64,
        /// The note with their signatures.
        note: String = String,
    }
}

table! {
    /// A checkpoint of the deployment's own log that lies in WORM storage.
    AuditAnchoredRow in audit_anchored = "audit_anchored" {
        key {
            /// Always [`TenantId::DEPLOYMENT`].
            tenant_id: TenantId = Uuid,
            /// The epoch of the log.
            epoch: u32 = i64,
            /// Number of leaves.
            size: u64 = i64,
        }
        /// When it was put there.
        anchored_at: Timestamp = i64,
    }
}

/// How far a log is behind the acts that it tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditStanding {
    /// Leaves without a place; no more than 10 000 are counted.
    pub waiting: u64,
    /// When the oldest act happened that no signed checkpoint holds.
    pub unproved_since: Option<Timestamp>,
    /// Leaves that have a place.
    pub size: u64,
}

/// The entries from place `$2` to before `$3`.
pub(crate) const ENTRIES: &str = "SELECT leaf_index, leaf FROM audit_outbox
     WHERE tenant_id = $1 AND leaf_index >= $2 AND leaf_index < $3 ORDER BY leaf_index";

/// How far a log is behind: `$2` leaves are signed, no more than `$3` are counted.
pub(crate) const STANDING: &str = "SELECT (SELECT count(*) FROM (SELECT 1 FROM audit_outbox
               WHERE tenant_id = $1 AND leaf_index IS NULL LIMIT $3) AS waiting) AS waiting,
            (SELECT min(created_at) FROM audit_outbox WHERE tenant_id = $1 AND leaf_index IS NULL) AS unplaced,
            (SELECT created_at FROM audit_outbox WHERE tenant_id = $1 AND leaf_index = $2) AS unsigned,
            (SELECT leaf_index FROM audit_outbox WHERE tenant_id = $1 AND leaf_index IS NOT NULL
               ORDER BY leaf_index DESC LIMIT 1) AS newest";

/// No health report counts further.
const MOST_COUNTED: i64 = 10_000;

/// A leaf of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditLeaf {
    /// Its id.
    pub id: AuditId,
    /// Its place, once it has one.
    pub index: Option<u64>,
    /// Its bytes, as they are hashed.
    pub leaf: Vec<u8>,
    /// When the act happened.
    pub created_at: Timestamp,
}

/// The last leaf of the page before; the next page is older.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeafCursor(pub AuditId);

/// Which leaves are asked for; every field that is set must match.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LeafFilter {
    /// The actor's id, or a task's name.
    pub actor: Option<String>,
    /// The kind of what was acted on.
    pub object_kind: Option<String>,
    /// Its id.
    pub object: Option<String>,
    /// What was done.
    pub act: Option<String>,
    /// How it ended.
    pub outcome: Option<String>,
    /// At this instant or later.
    pub from: Option<Timestamp>,
    /// Before this instant.
    pub to: Option<Timestamp>,
    /// By a person or their key, on this recorded person or one of their sessions.
    pub about: Option<SubjectId>,
}

const LEAF: &str = "id, leaf_index, leaf, created_at";
/// An id is minted a moment before or after the time that its leaf tells.
const MOMENT: Duration = Duration::from_secs(1);

impl LeafFilter {
    /// One page, newest first, and its values.
    pub(crate) fn page(
        self,
        before: Option<LeafCursor>,
        limit: u64,
        backend: Backend,
    ) -> Result<(String, Vec<Value>), StoreError> {
        // Without statistics SQLite would rather walk the whole log in order than look a person's sessions up one by one.
        let walks = self.about.is_some() && backend == Backend::Sqlite;
        let by_index = if walks { " INDEXED BY audit_outbox_object" } else { "" };
        let (wanted, mut values) = self.conditions(before, backend);
        values.insert(0, limit.store()?.into());
        // Apart: what leaves are asked for by is an index of those that have a place; few wait for one.
        let part = |indexed: &str, placed: &str| {
            format!(
                "SELECT {LEAF} FROM audit_outbox{indexed} WHERE tenant_id = $1 AND {placed}{wanted} ORDER BY id DESC LIMIT $2"
            )
        };
        let (placed, waiting) = (part(by_index, "leaf_index IS NOT NULL"), part("", "leaf_index IS NULL"));
        let sql = format!(
            "SELECT * FROM (SELECT * FROM ({placed}) AS placed UNION ALL SELECT * FROM ({waiting}) AS waiting) AS leaf
             ORDER BY id DESC LIMIT $2"
        );
        Ok((sql, values))
    }

    /// The conditions, and their values from `$3` on.
    fn conditions(self, before: Option<LeafCursor>, backend: Backend) -> (String, Vec<Value>) {
        let mut conditions = Conditions::default();
        for (column, wanted) in [
            ("actor_id", self.actor),
            ("object_kind", self.object_kind),
            ("object_id", self.object),
            ("act", self.act),
            ("outcome", self.outcome),
        ] {
            if let Some(wanted) = wanted {
                conditions.add(&format!("{column} ="), wanted);
            }
        }
        // The ids bound the part of an index that is read, the times say what is meant.
        if let Some(from) = self.from {
            conditions.add("id >=", first_id(from.minus(MOMENT)).uuid());
            conditions.add("created_at >=", from.as_micros());
        }
        if let Some(to) = self.to {
            conditions.add("id <", first_id(to.plus(MOMENT)).uuid());
            conditions.add("created_at <", to.as_micros());
        }
        if let Some(LeafCursor(id)) = before {
            conditions.add("id <", id.uuid());
        }
        if let Some(subject) = self.about {
            conditions.about(subject, backend);
        }
        (conditions.terms.concat(), conditions.values)
    }
}

#[derive(Default)]
struct Conditions {
    terms: Vec<String>,
    values: Vec<Value>,
}

impl Conditions {
    /// The next value's number: the tenant is `$1`, the limit `$2`.
    fn number(&self) -> usize {
        self.values.len() + 3
    }

    fn add(&mut self, condition: &str, value: impl Into<Value>) {
        self.terms.push(format!(" AND {condition} ${}", self.number()));
        self.values.push(value.into());
    }

    fn about(&mut self, subject: SubjectId, backend: Backend) {
        let (text, number) = (uuid_text(backend, "id"), self.number());
        self.terms.push(format!(
            " AND actor_kind IN ('user', 'key') AND object_id IN (
                SELECT {text} FROM session WHERE tenant_id = $1 AND subject_id = ${number}
                UNION ALL SELECT {text} FROM subject WHERE tenant_id = $1 AND id = ${number})"
        ));
        self.values.push(subject.uuid().into());
    }
}

/// A column of ids in the spelling that leaves have.
fn uuid_text(backend: Backend, column: &str) -> String {
    match backend {
        Backend::Postgres => format!("{column}::text"),
        Backend::Sqlite => {
            let part = |from, count| format!("substr(lower(hex({column})), {from}, {count})");
            [part(1, 8), part(9, 4), part(13, 4), part(17, 4), part(21, 12)].join(" || '-' || ")
        }
    }
}

/// The lowest id that is minted at `at`.
fn first_id(at: Timestamp) -> AuditId {
    let millis = u64::try_from(at.as_millis()).unwrap_or(0);
    AuditId::from_uuid(uuid::Builder::from_unix_timestamp_millis(millis, &[0; 10]).into_uuid())
}

fn load(row: &QueryResult) -> Result<AuditLeaf, StoreError> {
    let index = row.try_get::<Option<i64>>("", "leaf_index")?;
    let corrupt = StoreError::Corrupt { table: "audit_outbox", column: "leaf_index" };
    Ok(AuditLeaf {
        id: AuditId::from_uuid(row.try_get("", "id")?),
        index: index.map(u64::try_from).transpose().map_err(|_| corrupt)?,
        leaf: row.try_get("", "leaf")?,
        created_at: Timestamp::from_micros(row.try_get("", "created_at")?),
    })
}

impl TenantRead {
    /// One leaf.
    pub async fn audit_leaf_find(&self, id: AuditId) -> Result<Option<AuditLeaf>, StoreError> {
        let sql = format!("SELECT {LEAF} FROM audit_outbox WHERE tenant_id = $1 AND id = $2");
        self.row(&sql, vec![id.uuid().into()]).await?.as_ref().map(load).transpose()
    }

    /// Leaves newest first: those that `filter` asks for and that are older than the cursor.
    pub async fn audit_leaf_list(
        &self,
        filter: LeafFilter,
        before: Option<LeafCursor>,
        limit: u64,
    ) -> Result<Vec<AuditLeaf>, StoreError> {
        let (sql, values) = filter.page(before, limit, self.backend())?;
        self.rows(&sql, values).await?.iter().map(load).collect()
    }

    /// The sealed detail of a leaf.
    pub async fn audit_detail_find(&self, id: AuditId) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "SELECT detail_sealed FROM audit_outbox WHERE tenant_id = $1 AND id = $2";
        let row = self.row(sql, vec![id.uuid().into()]).await?;
        Ok(row.map(|row| row.try_get("", "detail_sealed")).transpose()?.flatten())
    }

    /// The bytes of the leaves in these places, with their places; what is missing is not there.
    pub async fn audit_entries(&self, places: Range<u64>) -> Result<Vec<(u64, Vec<u8>)>, StoreError> {
        let rows = self.rows(ENTRIES, vec![places.start.store()?.into(), places.end.store()?.into()]).await?;
        let entry = |row: &QueryResult| {
            let index = u64::try_from(row.try_get::<i64>("", "leaf_index")?);
            let corrupt = StoreError::Corrupt { table: "audit_outbox", column: "leaf_index" };
            Ok((index.map_err(|_| corrupt)?, row.try_get("", "leaf")?))
        };
        rows.iter().map(entry).collect()
    }

    /// The hashes of a tile, one after the other, as many as there are.
    pub async fn audit_tile_find(&self, level: u32, number: u64) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "SELECT hashes FROM audit_tile WHERE tenant_id = $1 AND level = $2 AND number = $3";
        let row = self.row(sql, vec![level.store()?.into(), number.store()?.into()]).await?;
        Ok(row.map(|row| row.try_get("", "hashes")).transpose()?)
    }

    /// The newest checkpoint: of the largest size, and of those the one signed last.
    pub async fn audit_checkpoint_newest(&self) -> Result<Option<AuditCheckpointRow>, StoreError> {
        self.one(self.audit_checkpoint_page(None, 1)?).await
    }

    /// Checkpoints newest first: those of a smaller size, or as large and signed earlier, than the one of the cursor.
    pub async fn audit_checkpoint_list(
        &self,
        before: Option<(u64, Timestamp)>,
        limit: u64,
    ) -> Result<Vec<AuditCheckpointRow>, StoreError> {
        self.all(self.audit_checkpoint_page(before, limit)?).await
    }

    pub(crate) fn audit_checkpoint_page(
        &self,
        before: Option<(u64, Timestamp)>,
        limit: u64,
    ) -> Result<Select<Entity>, StoreError> {
        let mut select = Entity::scoped(self.tenant());
        if let Some((size, signed_at)) = before {
            let size = size.store()?;
            let earlier = Column::Size.eq(size).and(Column::SignedAt.lt(signed_at.as_micros()));
            select = select.filter(Column::Size.lt(size).or(earlier));
        }
        Ok(select.order_by_desc(Column::Size).order_by_desc(Column::SignedAt).limit(limit))
    }

    /// How far the log is behind its acts, when leaves up to `signed` are signed.
    pub async fn audit_standing(&self, signed: u64) -> Result<AuditStanding, StoreError> {
        let row = self.row(STANDING, vec![signed.store()?.into(), MOST_COUNTED.into()]).await?;
        let row = row.ok_or(StoreError::Corrupt { table: "audit_outbox", column: "leaf_index" })?;
        let corrupt = |_| StoreError::Corrupt { table: "audit_outbox", column: "leaf_index" };
        let at = |column| Ok::<_, StoreError>(row.try_get::<Option<i64>>("", column)?);
        Ok(AuditStanding {
            waiting: u64::try_from(row.try_get::<i64>("", "waiting")?).map_err(corrupt)?,
            unproved_since: at("unplaced")?.into_iter().chain(at("unsigned")?).min().map(Timestamp::from_micros),
            size: at("newest")?.map_or(Ok(0), |newest| u64::try_from(newest + 1)).map_err(corrupt)?,
        })
    }

    /// Why the signer refuses this log, when it does.
    pub async fn audit_alarm_find(&self) -> Result<Option<AuditAlarmRow>, StoreError> {
        self.one(audit_alarm::Entity::scoped(self.tenant())).await
    }

    /// What witnesses signed last; only the log of [`TenantId::DEPLOYMENT`] has any.
    pub async fn audit_witnessed_newest(&self) -> Result<Option<AuditWitnessedRow>, StoreError> {
        use audit_witnessed::Column;
        let newest = audit_witnessed::Entity::scoped(self.tenant());
        self.one(newest.order_by_desc(Column::Size).order_by_desc(Column::WitnessedAt).limit(1)).await
    }

    /// What witnesses signed last of the log at exactly this size.
    pub async fn audit_witnessed_of(&self, size: u64) -> Result<Option<AuditWitnessedRow>, StoreError> {
        use audit_witnessed::Column;
        let of_size = audit_witnessed::Entity::scoped(self.tenant()).filter(Column::Size.eq(size.store()?));
        self.one(of_size.order_by_desc(Column::WitnessedAt).limit(1)).await
    }

    /// The newest checkpoint in WORM storage, as far as we know; only the log of [`TenantId::DEPLOYMENT`] has any.
    pub async fn audit_anchored_newest(&self) -> Result<Option<AuditAnchoredRow>, StoreError> {
        use audit_anchored::Column;
        let newest = audit_anchored::Entity::scoped(self.tenant());
        self.one(newest.order_by_desc(Column::Epoch).order_by_desc(Column::Size).limit(1)).await
    }

    /// The checkpoint of exactly this size that was signed last.
    pub async fn audit_checkpoint_of(&self, size: u64) -> Result<Option<AuditCheckpointRow>, StoreError> {
        let of_size = Entity::scoped(self.tenant()).filter(Column::Size.eq(size.store()?));
        self.one(of_size.order_by_desc(Column::SignedAt).limit(1)).await
    }
}
