//! An export for security tools: OCSF events in `CloudEvents` envelopes, NDJSON.
//!
//! Every act is an *API Activity* (class 6003): somebody did something to something by way of the service. What the mapping
//! says is for searching; what counts is `raw_data`, the entry's exact bytes, and `metadata.sequence`, its place. The first
//! and the last event carry the checkpoint, so a file is checked like a `log` export ([`read`]).

use serde_json::{Map, Value, json};

use super::{EntryLine, Head, Line, LineError};
use crate::{Leaf, Outcome, Via, tree::Hash};

/// The version of OCSF that the events follow.
pub const VERSION: &str = "1.3.0";

const CATEGORY: u32 = 6;
const CLASS: u32 = 6_003;
const SCHEMA: &str = "https://schema.ocsf.io/1.3.0/classes/api_activity";
const BEGIN: &str = "sealtape.audit-export.begin";
const END: &str = "sealtape.audit-export.end";
/// Stands before an act in the type of its event.
const ACT: &str = "sealtape.audit.";

/// The first line.
#[must_use]
pub fn begin(head: &Head) -> String {
    envelope(&head.origin, BEGIN, "begin", None, &json!(head))
}

/// The last line.
#[must_use]
pub fn end(head: &Head) -> String {
    envelope(&head.origin, END, "end", None, &json!({ "checkpoint": head.checkpoint }))
}

/// The event of an entry; `proof` are the hashes from its sibling up, where the export does not hold all entries.
#[must_use]
pub fn event(origin: &str, index: u64, entry: &[u8], leaf: &Leaf, proof: Option<&[Hash]>) -> String {
    let data = activity(origin, index, entry, leaf, proof);
    envelope(origin, &format!("{ACT}{}", leaf.act), &leaf.id.to_string(), Some(&leaf.t.to_string()), &data)
}

fn envelope(origin: &str, kind: &str, id: &str, time: Option<&str>, data: &Value) -> String {
    let mut event = json!({
        "specversion": "1.0",
        "id": id,
        "source": origin,
        "type": kind,
        "datacontenttype": "application/json",
        "data": data,
    });
    if let Some(time) = time {
        event["time"] = json!(time);
        event["dataschema"] = json!(SCHEMA);
    }
    event.to_string() + "\n"
}

fn activity(origin: &str, index: u64, entry: &[u8], leaf: &Leaf, proof: Option<&[Hash]>) -> Value {
    let (activity_id, activity) = of_verb(leaf.act.rsplit_once('.').map_or("", |(_, verb)| verb));
    let (status_id, status, severity_id) = match leaf.out {
        Outcome::Allow => (1, "Success", 1),
        Outcome::Deny => (2, "Failure", 2),
        Outcome::Error => (2, "Failure", 4),
    };
    let (kind, id) = leaf.obj.parts();
    let mut unmapped = Map::from_iter([("rule".to_owned(), json!(leaf.rule))]);
    if let Some(commitment) = leaf.d {
        unmapped.insert("commitment".to_owned(), json!(commitment.to_text()));
    }
    if let Some(proof) = proof {
        unmapped.insert("proof".to_owned(), json!(proof));
    }
    json!({
        "activity_id": activity_id,
        "activity_name": activity,
        "category_uid": CATEGORY,
        "category_name": "Application Activity",
        "class_uid": CLASS,
        "class_name": "API Activity",
        "type_uid": CLASS * 100 + activity_id,
        "type_name": format!("API Activity: {activity}"),
        "time": leaf.t.as_millis(),
        "severity_id": severity_id,
        "status_id": status_id,
        "status": status,
        "status_detail": leaf.out.as_str(),
        "actor": actor(leaf),
        "api": { "operation": leaf.act, "service": { "name": "sealtape" }, "request": { "uid": leaf.req } },
        "resources": [{ "type": kind, "uid": id }],
        // Where somebody came from is personal; the log knows by which way.
        "src_endpoint": { "svc_name": leaf.actor.parts().2.as_str() },
        "metadata": {
            "version": VERSION,
            "product": { "name": "Sealtape", "vendor_name": "Sealtape" },
            "uid": leaf.id,
            "event_code": leaf.act,
            "sequence": index,
            "log_name": origin,
            "original_time": leaf.t,
            "correlation_uid": leaf.req,
        },
        "raw_data": String::from_utf8_lossy(entry),
        "unmapped": unmapped,
    })
}

fn actor(leaf: &Leaf) -> Value {
    let (kind, id, via) = leaf.actor.parts();
    match via {
        Via::Login => json!({ "user": { "uid": id, "type_id": 1, "type": "User" } }),
        _ => json!({ "app_name": kind, "app_uid": id }),
    }
}

/// Which of the four activities of the class an act is, by its verb; most are another one.
fn of_verb(verb: &str) -> (u32, &'static str) {
    match verb {
        "create" | "start" | "add" | "invite" | "enrol" | "request" => (1, "Create"),
        "view" | "read" | "list" | "watch" | "details" | "download" | "export" => (2, "Read"),
        "update" | "change" | "rename" | "set" | "switch" | "rotate" => (3, "Update"),
        "delete" | "remove" | "revoke" | "erase" | "end" => (4, "Delete"),
        _ => (99, "Other"),
    }
}

/// Reads a line of [`begin`], [`event`] or [`end`] as what it proves.
///
/// # Errors
/// [`LineError`].
pub fn read(text: &[u8]) -> Result<Line, LineError> {
    let mut event: Value = serde_json::from_slice(text)?;
    let kind = event["type"].as_str().unwrap_or_default().to_owned();
    let data = event["data"].take();
    if kind == BEGIN {
        return Ok(Line::Log(serde_json::from_value(data)?));
    }
    if kind == END {
        return Ok(Line::Checkpoint(data["checkpoint"].as_str().ok_or(LineError::Kind)?.to_owned()));
    }
    if !kind.starts_with(ACT) || data["class_uid"] != CLASS {
        return Err(LineError::Kind);
    }
    let index = data["metadata"]["sequence"].as_u64().ok_or(LineError::Kind)?;
    let entry = data["raw_data"].as_str().ok_or(LineError::Kind)?;
    let proof = data["unmapped"].get("proof").cloned().map(serde_json::from_value).transpose()?;
    Ok(Line::Entry(EntryLine::new(index, entry.as_bytes(), proof)))
}

/// Whether the first line of a file is that of events.
#[must_use]
pub fn is_event(text: &[u8]) -> bool {
    serde_json::from_slice::<Value>(text).is_ok_and(|event| event.get("specversion").is_some())
}
