//! The line between one process and PostgreSQL, which a test can cut.

use std::path::PathBuf;

use store::DatabaseConfig;
use tempfile::TempDir;
use tokio::io::copy_bidirectional;
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::watch;

use crate::TestDatabase;

/// The name of the server's socket in its folder.
const SOCKET: &str = ".s.PGSQL.5432";

/// Relays everything until it is cut. Then nothing passes, and nothing says so: connections stay open and silent, as they
/// do when a network is parted.
#[derive(Debug)]
pub struct Wire {
    config: DatabaseConfig,
    cut: watch::Sender<bool>,
    // Removed with the value.
    _folder: TempDir,
}

impl Wire {
    /// A line to this database, which must be PostgreSQL.
    #[must_use]
    pub fn to(database: &TestDatabase) -> Self {
        let folder = TempDir::with_prefix("sealtape-wire-").expect("a temporary folder");
        let listener = UnixListener::bind(folder.path().join(SOCKET)).expect("a socket");
        let (cut, parted) = watch::channel(false);
        let server = socket_folder(&database.config().url).join(SOCKET);
        tokio::spawn(relay(listener, server, parted));
        let mut config = database.config().clone();
        let here = folder.path().to_str().expect("a path that is text").to_owned();
        config.url = through(&config.url, &here);
        config.system_url = config.system_url.map(|url| through(&url, &here));
        Self { config, cut, _folder: folder }
    }

    /// How to connect over this line.
    #[must_use]
    pub const fn config(&self) -> &DatabaseConfig {
        &self.config
    }

    /// Parts the line for good.
    pub fn cut(&self) {
        self.cut.send_replace(true);
    }
}

async fn relay(listener: UnixListener, server: PathBuf, parted: watch::Receiver<bool>) {
    while let Ok((mut client, _)) = listener.accept().await {
        let (server, mut parted) = (server.clone(), parted.clone());
        tokio::spawn(async move {
            let pass = async {
                let mut server = UnixStream::connect(server).await?;
                copy_bidirectional(&mut client, &mut server).await
            };
            let until_cut = async {
                while !*parted.borrow() {
                    if parted.changed().await.is_err() {
                        return;
                    }
                }
            };
            tokio::select! {
                _ = pass => return,
                () = until_cut => {}
            }
            // Held and silent until the test is over.
            while parted.changed().await.is_ok() {}
        });
    }
}

fn socket_folder(url: &str) -> PathBuf {
    let url = url::Url::parse(url).expect("our own url");
    let host = url.query_pairs().find(|(name, _)| name == "host").expect("a socket's folder").1.into_owned();
    PathBuf::from(host)
}

/// The same database through a socket in another folder.
fn through(url: &str, folder: &str) -> String {
    let mut url = url::Url::parse(url).expect("our own url");
    let others: Vec<(String, String)> =
        url.query_pairs().filter(|(name, _)| name != "host").map(|(n, v)| (n.into_owned(), v.into_owned())).collect();
    url.query_pairs_mut().clear().extend_pairs(others).append_pair("host", folder);
    url.into()
}
