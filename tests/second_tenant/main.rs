//! Puts a second tenant with one owner beside the demo's: what the browser test of going over to another tenant needs,
//! because no request makes one. The folder's own server is stopped for it; settings come as for the server, the folder
//! as `SEALTAPE__STORAGE__DATA`.

use std::process::ExitCode;

use app::tenants::NewMember;
use domain::{Personal, Secret};
use policy::access::Role;
use server::{
    config::{self, Config},
    folders::Folders,
    listeners::Origins,
    open::{self, Sources},
};
use url::Url;

fn main() -> ExitCode {
    let Ok([slug, name, owner, email, password]) =
        <[String; 5]>::try_from(std::env::args().skip(1).collect::<Vec<String>>())
    else {
        return ExitCode::from(2);
    };
    let new = NewMember {
        name: Personal::new(owner),
        email: Personal::new(email),
        password: Secret::new(password),
        role: Role::Owner,
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(add(&slug, &name, new));
    ExitCode::SUCCESS
}

async fn add(slug: &str, name: &str, owner: NewMember) {
    let config = Config::load(&config::Sources::default()).expect("settings").config;
    let folders = Folders::of(&config.storage).expect("folders");
    let _lock = folders.lock().expect("the folder's server is stopped");
    let url = |text: &str| Url::parse(text).expect("an origin");
    // Nothing is served here, and no row depends on these.
    let origins = Origins { console: url("http://localhost:8080"), replay: url("http://127.0.0.1:8080") };
    let opened = open::open(&config, &folders, &origins, Some(&url("http://127.0.0.1:8090")), &Sources::system())
        .await
        .expect("opens what the server left");
    let tenants = opened.app.tenants();
    let tenant = tenants.create(slug, name, true).await.expect("makes the tenant");
    tenants.member_create(tenant, owner).await.expect("makes its owner");
    opened.store.close().await.expect("closes the database");
}
