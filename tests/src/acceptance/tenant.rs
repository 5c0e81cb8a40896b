//! A tenant with everything that a test needs of it.

use std::collections::BTreeMap;

use domain::{Personal, Secret, TenantId};
use policy::access::Role;
use serde_json::json;

use super::{Agent, Client, TestApp, app::SHOP};

/// A tenant.
#[derive(Debug, Clone)]
pub struct Tenant {
    /// Its id.
    pub id: TenantId,
    /// Its name in addresses.
    pub slug: &'static str,
    /// Its project.
    pub project: String,
    /// An agent key of the project, good for pages of the shop.
    pub agent_key: String,
    /// That key's id.
    pub agent_key_id: String,
    /// One member for each role.
    pub members: BTreeMap<Role, Member>,
}

/// A member.
#[derive(Debug, Clone)]
pub struct Member {
    /// Their id.
    pub id: String,
    /// The address they sign in with.
    pub email: String,
    /// The password they sign in with.
    pub password: String,
}

impl Tenant {
    /// One more member of this role, by the operator's use case: not a person that the other tests count on.
    pub async fn new_member(&self, app: &TestApp, name: &str, role: Role) -> Member {
        let email = format!("{name}@{}.example", self.slug);
        let password = format!("correct horse {name} {}", self.slug);
        self.new_member_as(app, &email, &password, role).await
    }

    /// The same with a certain address and password.
    pub async fn new_member_as(&self, app: &TestApp, email: &str, password: &str, role: Role) -> Member {
        let new = app::tenants::NewMember {
            name: Personal::new(format!("{role} of {}", self.slug)),
            email: Personal::new(email.to_owned()),
            password: Secret::new(password.to_owned()),
            role,
        };
        let id = app.app().tenants().member_create(self.id, new).await.expect("makes a member").to_string();
        Member { id, email: email.to_owned(), password: password.to_owned() }
    }

    /// An agent with this tenant's key, on a page of the shop.
    #[must_use]
    pub fn agent(&self, app: &TestApp) -> Agent {
        Agent::new(app.client(&self.agent_key), SHOP)
    }

    /// Makes a tenant: by the operator's use cases as far as these go, then through the interface.
    pub(super) async fn create(app: &TestApp, slug: &'static str) -> Self {
        let tenants = app.app().tenants();
        let id = tenants.create(slug, slug, false).await.expect("makes a tenant");
        let mut members = BTreeMap::new();
        let mut tenant = Self {
            id,
            slug,
            project: String::new(),
            agent_key: String::new(),
            agent_key_id: String::new(),
            members: BTreeMap::new(),
        };
        for role in Role::of_members() {
            let email = format!("{role}@{slug}.example");
            let password = format!("correct horse {role} {slug}");
            members.insert(role, tenant.new_member_as(app, &email, &password, role).await);
        }
        tenant.members = members;
        let owner = app.member(&tenant, Role::Owner).await;
        tenant.project = tenant.new_project(&owner, "shop").await;
        (tenant.agent_key_id, tenant.agent_key) = tenant.new_agent_key(&owner, &tenant.project).await;
        tenant
    }

    /// Makes a project; its id.
    pub async fn new_project(&self, owner: &Client, name: &str) -> String {
        let made = owner.post("/v1/projects", &json!({ "name": name })).await.is(201).json();
        made["id"].as_str().expect("an id").to_owned()
    }

    /// Makes an agent key for the shop; its id and the key.
    pub async fn new_agent_key(&self, owner: &Client, project: &str) -> (String, String) {
        let path = format!("/v1/projects/{project}/agent-keys");
        let made = owner.post(&path, &json!({ "origins": [SHOP] })).await.is(201).json();
        let text = |name: &str| made[name].as_str().expect("text").to_owned();
        (text("id"), text("key"))
    }
}
