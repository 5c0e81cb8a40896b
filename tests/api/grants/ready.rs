//! What operations that change a state need before they can be called once more: a request that nobody has decided, a use
//! that nobody has reviewed, a proposal that is open, and somebody who just showed their second factor.

use policy::access::Role;
use sealtape_tests::acceptance::{Client, TestApp};
use serde_json::json;

use super::{approve, asking_for, break_glass, id, proposals};
use crate::{
    cases::Ids,
    stories::Rows,
    twins::{self, Twins},
};

/// Who calls and with which ids. Somebody else's ids, and calls without a credential, are left as they are; so is what
/// cannot be made because nothing can be put on record now.
pub(crate) async fn ready(operation: &str, app: &TestApp, caller: &Client, own: &Rows, ids: &Ids) -> (Client, Ids) {
    let at_home = ids.request == own.request;
    // The owner's API key calls for the owner; what takes a person's fresh proof is refused to it whatever it finds.
    let is_key = caller.token().starts_with("st_api_");
    let role = match caller.token() {
        "" => None,
        _ if is_key => Some(Role::Owner),
        _ => twins::role_of(caller).await,
    };
    let twin = async |role: Role| {
        let Twins { guarded, .. } = own.twins(app).await;
        guarded[&role].client.clone()
    };
    let caller = match (operation, role) {
        ("break_glass_open" | "proposal_approve" | "proposal_reject", Some(role)) if !is_key => twin(role).await,
        _ => caller.clone(),
    };
    if !at_home || role.is_none() {
        return (caller, ids.clone());
    }
    let ids = match operation {
        "access_request_view" | "access_request_cancel" => own_request(app, &caller, own, ids, operation).await,
        "access_request_approve" | "access_request_deny" | "grant_revoke" => {
            engineers_request(app, own, ids, operation).await
        }
        "break_glass_open" => {
            break_glass::forget(app, &own.broken).await;
            ids.clone()
        }
        "break_glass_review" => {
            break_glass::forget(app, &own.broken).await;
            let engineer = twin(Role::Engineer).await;
            match engineer.post("/v1/break-glass", &break_glass::breaking(&[&own.closed])).await {
                used if used.status == 201 => {
                    let used = id(&used.json());
                    app.as_role(Role::Owner).await.post(&format!("/v1/grants/{used}/revoke"), &json!({})).await.is(200);
                    Ids { broken: used, ..ids.clone() }
                }
                _ => ids.clone(),
            }
        }
        "proposal_view" | "proposal_reject" | "proposal_cancel" | "proposal_approve" => {
            proposals::everybody_is_an_elder(app).await;
            let Some(proposal) = proposals::try_role_for_somebody(app, &app.ours).await else {
                return (caller, ids.clone());
            };
            if operation != "proposal_approve" {
                // Every member sees and stops what waits for nobody.
                let solo = "UPDATE proposal SET execute_after = created_at + 86400000000 WHERE execute_after IS NULL";
                app.tamper(&[solo]).await;
            }
            Ids { proposal, ..ids.clone() }
        }
        _ => ids.clone(),
    };
    (caller, ids)
}

/// One's own, for whoever may ask; an overseer looks at the engineer's.
async fn own_request(app: &TestApp, caller: &Client, own: &Rows, ids: &Ids, operation: &str) -> Ids {
    let asked = caller.post("/v1/access-requests", &asking_for(&own.closed)).await;
    match asked.status {
        201 => Ids { request: id(&asked.json()), ..ids.clone() },
        409 => {
            withdraw_all(caller).await;
            Box::pin(own_request(app, caller, own, ids, operation)).await
        }
        500 | 503 if operation == "access_request_cancel" => Ids { request: own.owners_request.clone(), ..ids.clone() },
        _ => ids.clone(),
    }
}

async fn engineers_request(app: &TestApp, own: &Rows, ids: &Ids, operation: &str) -> Ids {
    let engineer = app.as_role(Role::Engineer).await;
    let asked = engineer.post("/v1/access-requests", &asking_for(&own.closed)).await;
    if asked.status == 409 {
        withdraw_all(&engineer).await;
        return Box::pin(engineers_request(app, own, ids, operation)).await;
    }
    if asked.status != 201 {
        let known = if operation == "grant_revoke" { &own.granted } else { &own.request };
        return Ids { request: known.clone(), ..ids.clone() };
    }
    let request = id(&asked.json());
    if operation == "grant_revoke" {
        approve(app, &app.as_role(Role::Owner).await, &request).await.is(200);
    }
    Ids { request, ..ids.clone() }
}

async fn withdraw_all(client: &Client) {
    let waiting = client.get("/v1/access-requests?state=pending&limit=200").await.is(200).json();
    for request in waiting["items"].as_array().expect("a list") {
        // An overseer's list has everybody's; only their own can be taken back.
        client.post(&format!("/v1/access-requests/{}/cancel", id(request)), &json!({})).await;
    }
}
