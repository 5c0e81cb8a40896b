//! Making the demo: what a person would do in the console, done by the owner's own sign-in, so that it is audited alike.

use std::net::{IpAddr, Ipv4Addr};

use anyhow::Context as _;
use app::{
    App, Page,
    auth::{LoginInput, MemberCaller, Place},
    factors::SignIn,
    tenants::NewMember,
};
use domain::{Personal, ProjectId, RequestId, Secret, TenantId};
use policy::access::can;
use url::Url;

use super::sheet::{Account, Ided, Made, ROLES, Sheet, SheetFile, Tenant};
use crate::{folders::Folders, listeners::ascii, open::Opened};

const SLUG: &str = "demo";
const PROJECT: &str = "Kiln & Clay (sample shop)";
/// Names of the four members, in the order of [`ROLES`].
const NAMES: [&str; 4] = ["Mara Lindqvist", "Tomas Adeyemi", "Ines Carvalho", "Yuki Brandt"];

/// Makes what is missing of the demo, and an agent key for the shop when the shop has moved. Doing it again changes
/// nothing; after a crash half-way it goes on where it was.
///
/// # Errors
/// When the store or a folder does not answer.
pub async fn seed(opened: &Opened, folders: &Folders, shop_origin: &Url) -> anyhow::Result<Sheet> {
    let app = &opened.app;
    let shop_origin = ascii(shop_origin);
    let tenants = app.tenants().list().await?;
    let tenant = tenants.iter().find(|tenant| tenant.slug == SLUG).map(|tenant| tenant.id);
    let kept = SheetFile::read(folders)?;
    // A sheet without its tenant is another folder's, or older than the data: its passwords open nothing here.
    let file = match (kept, tenant) {
        (Some(file), Some(_)) => file,
        (Some(file), None) if file.made.is_none() => file,
        (_, None) => fresh(folders, app)?,
        (None, Some(_)) => anyhow::bail!(
            "the demo's passwords are gone: {} has no demo.json; remove both folders to start a new demo",
            folders.state().display()
        ),
    };
    if let Some(made) = file.made.as_ref().filter(|made| made.shop_origin == shop_origin) {
        return Ok(made.sheet.clone());
    }
    let tenant = match tenant {
        Some(tenant) => tenant,
        None => app.tenants().create(SLUG, "Kiln & Clay", true).await.context("cannot make the demo tenant")?,
    };
    make_members(opened, tenant, &file.accounts).await.context("cannot make the demo's members")?;
    let (project, agent_key) =
        make_project(app, &file.accounts[0], &shop_origin).await.context("cannot make the demo's project")?;
    let [owner, officer, engineer, auditor] = file.accounts.clone();
    let sheet = Sheet {
        tenant: Tenant { id: tenant.to_string(), slug: SLUG.to_owned() },
        project: Ided { id: project.to_string() },
        agent_key,
        owner,
        officer,
        engineer,
        auditor,
    };
    let made = Some(Made { shop_origin, sheet: sheet.clone() });
    SheetFile { accounts: file.accounts, made }.write(folders)?;
    Ok(sheet)
}

fn fresh(folders: &Folders, app: &App) -> anyhow::Result<SheetFile> {
    let file = SheetFile::draw(app.entropy());
    file.write(folders)?;
    Ok(file)
}

async fn make_members(opened: &Opened, tenant: TenantId, accounts: &[Account; 4]) -> anyhow::Result<()> {
    // They are made one after another, so their number says who is missing after a crash.
    let there = opened.store.tenant_read(tenant).await?.member_list().await?.len();
    for ((role, name), account) in ROLES.into_iter().zip(NAMES).zip(accounts).skip(there) {
        let member = NewMember {
            name: Personal::new(name.to_owned()),
            email: Personal::new(account.email.clone()),
            password: Secret::new(account.password.clone()),
            role,
        };
        opened.app.tenants().member_create(tenant, member).await?;
    }
    Ok(())
}

async fn make_project(app: &App, owner: &Account, shop_origin: &str) -> anyhow::Result<(ProjectId, String)> {
    let request = || RequestId::mint(app.clock().now(), app.entropy());
    let email = Personal::new(owner.email.clone());
    let attempt = app.auth().attempt(&email, Place::new(IpAddr::V4(Ipv4Addr::LOCALHOST), None)).await?;
    let input = LoginInput {
        email,
        password: Secret::new(owner.password.clone()),
        tenant: Some(SLUG.to_owned()),
        request: request(),
    };
    let SignIn::Complete(signed_in) = app.auth().login(attempt, input).await? else {
        anyhow::bail!("the demo's owner has enrolled a second factor; start with an empty data folder");
    };
    let caller = app.auth().member(&signed_in.access_token, request()).await?;
    let project = project(app, &caller).await?;
    let key = agent_key(app, &caller, project, shop_origin).await?;
    app.auth().logout(signed_in.refresh.expose(), request()).await?;
    Ok((project, key))
}

async fn project(app: &App, caller: &MemberCaller) -> anyhow::Result<ProjectId> {
    let there = app.projects().list(&caller.permit::<can::ProjectList>()?, Page::default()).await?;
    if let Some(project) = there.items.into_iter().find(|project| project.name == PROJECT) {
        return Ok(project.id);
    }
    Ok(app.projects().create(&caller.permit::<can::ProjectCreate>()?, PROJECT.to_owned(), None).await?.id)
}

async fn agent_key(app: &App, caller: &MemberCaller, project: ProjectId, origin: &str) -> anyhow::Result<String> {
    let there = app.projects().agent_keys(&caller.permit::<can::AgentKeyList>()?, project).await?;
    let good = there.into_iter().find(|key| key.revoked_at.is_none() && key.origins.iter().any(|one| one == origin));
    if let Some(key) = good {
        return Ok(key.key);
    }
    let permit = caller.permit::<can::AgentKeyCreate>()?;
    Ok(app.projects().agent_key_create(&permit, project, vec![origin.to_owned()], None).await?.key)
}
