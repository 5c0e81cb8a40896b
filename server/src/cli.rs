//! The command line.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, Parser, Subcommand};
use url::Url;

use crate::{
    commands,
    config::{Overrides, Sources},
};

/// Governed session recordings: record a visit, seal it, watch it.
#[derive(Debug, Parser)]
#[command(name = "sealtape", version, max_term_width = 100, after_help = SETTINGS)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

const SETTINGS: &str = "\
Settings come from, the first that says something wins:
  flags, environment variables (SEALTAPE__SERVER__LISTEN=…), a file (--config, or ./sealtape.toml), defaults.
`sealtape check-config` prints them all with the place each came from.";

const MIGRATE: &str = "\
Bring the database up to date.

PostgreSQL: needs database.url (SEALTAPE__DATABASE__URL) as the owner of the tables, and nothing else.
The embedded database is copied first; `serve` does that by itself.";

#[derive(Debug, Subcommand)]
enum Command {
    /// Run console, API, ingest and replay in one process.
    ///
    /// Without settings this is the embedded default: SQLite, sealed blobs and a root key under two folders, made when
    /// missing. With PostgreSQL run `sealtape migrate` first. Stops at Ctrl-C or SIGTERM once requests under way are done;
    /// at once when told a second time.
    Serve(ServeArgs),
    /// Place and sign the audit log apart from `serve`, with a state folder of its own.
    ///
    /// For PostgreSQL, with ledger.sign = false where `serve` runs. It needs the database and the root keys and answers nobody but
    /// probes.
    Sign(SettingArgs),
    /// Bring the database up to date.
    #[command(long_about = MIGRATE)]
    Migrate(MigrateArgs),
    /// Print the settings in force, secrets as ***, or the file and key that is wrong.
    CheckConfig(SettingArgs),
    /// Print the OpenAPI document of the HTTP interface.
    Openapi,
    /// Open a session that was taken out: its sealed file with its key, on any machine.
    ///
    /// Prints the recording as JSON lines, once all of the file is known to be whole. The key is read from standard input, or
    /// from a file.
    OpenExport(OpenExportArgs),
    /// The audit log, from the database itself.
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Show the demo's ids, agent key and sign-ins; make the demo when the folder has none.
    ///
    /// Works whether or not `serve --demo` is running on the folder.
    #[cfg(feature = "demo")]
    Demo(DemoArgs),
}

#[derive(Debug, Subcommand)]
enum AuditCommand {
    /// Write a tenant's whole audit log to a file that `sealtape-verify export` checks.
    ///
    /// It holds everything up to the newest signed checkpoint. Works whether or not a server is running on the database.
    Export(AuditExportArgs),
    /// After a restore: let the log, which is shorter now than what was signed of it, go on under the next number.
    ///
    /// Its next entry names the last checkpoint of the old number. Stop `serve` and `sign` first, and use the state folder of the
    /// one that signs. What the backup did not hold stays missing, for everybody to see.
    BeginEpoch(AuditEpochArgs),
}

#[derive(Debug, Args)]
pub(crate) struct AuditEpochArgs {
    /// Settings file [default: ./sealtape.toml when it is there]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    folders: FolderArgs,
    /// Whose log, by name or id [default: the only tenant's]
    #[arg(long, value_name = "TENANT")]
    tenant: Option<String>,
    /// The deployment's own log, of which anchors and witnesses' signatures are
    #[arg(long, conflicts_with = "tenant")]
    deployment: bool,
}

#[derive(Debug, Args)]
pub(crate) struct AuditExportArgs {
    /// Settings file [default: ./sealtape.toml when it is there]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    folders: FolderArgs,
    /// Write there, to a file that is not there yet
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Whose log, by name or id [default: the only tenant's]
    #[arg(long, value_name = "TENANT")]
    tenant: Option<String>,
}

/// Settings that have a flag.
#[derive(Debug, Default, Args)]
pub(crate) struct SettingArgs {
    /// Settings file [default: ./sealtape.toml when it is there]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    folders: FolderArgs,
    /// Address of console, API, ingest and replay; port 0 takes a free one [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR:PORT")]
    listen: Option<SocketAddr>,
    /// Address of /metrics, /healthz and /readyz [default: 127.0.0.1:9090]
    #[arg(long, value_name = "ADDR:PORT")]
    metrics_listen: Option<SocketAddr>,
    /// Where people sign in [default: localhost with the port of --listen]
    #[arg(long, value_name = "URL")]
    console_origin: Option<Url>,
    /// Where recordings are drawn; another host than the console's [default: 127.0.0.1 with the port of --listen]
    #[arg(long, value_name = "URL")]
    replay_origin: Option<Url>,
}

#[derive(Debug, Default, Args)]
pub(crate) struct FolderArgs {
    /// Folder of database file and sealed blobs [default: data]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Folder of root keys; keep it apart from copies of the data [default: the data folder's name with -state]
    #[arg(long, value_name = "DIR")]
    state: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    #[command(flatten)]
    pub(crate) settings: SettingArgs,
    /// Add a demo tenant with shown passwords and a sample shop; on this machine only
    #[cfg(feature = "demo")]
    #[arg(long)]
    pub(crate) demo: bool,
    /// Address of the sample shop
    #[cfg(feature = "demo")]
    #[arg(long, value_name = "ADDR:PORT", default_value = commands::SHOP_LISTEN, requires = "demo")]
    pub(crate) shop_listen: SocketAddr,
}

#[derive(Debug, Args)]
pub(crate) struct MigrateArgs {
    /// Settings file [default: ./sealtape.toml when it is there]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    folders: FolderArgs,
}

#[derive(Debug, Args)]
pub(crate) struct OpenExportArgs {
    /// The sealed file
    pub(crate) file: PathBuf,
    /// File with the key [default: ask for it]
    #[arg(long, value_name = "FILE")]
    pub(crate) key_file: Option<PathBuf>,
    /// Write the lines there, to a file that is not there yet [default: print them]
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

#[cfg(feature = "demo")]
#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    #[command(flatten)]
    pub(crate) folders: FolderArgs,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

impl SettingArgs {
    pub(crate) fn sources(self) -> Sources {
        let flags = Overrides {
            listen: self.listen,
            metrics_listen: self.metrics_listen,
            console_origin: self.console_origin,
            replay_origin: self.replay_origin,
            ..self.folders.overrides()
        };
        Sources { file: self.config, flags, environment: None }
    }
}

impl FolderArgs {
    fn overrides(self) -> Overrides {
        Overrides { data: self.data, state: self.state, ..Overrides::default() }
    }

    #[cfg(feature = "demo")]
    pub(crate) fn sources(self) -> Sources {
        Sources { flags: self.overrides(), ..Sources::default() }
    }
}

impl MigrateArgs {
    pub(crate) fn sources(self) -> Sources {
        Sources { file: self.config, flags: self.folders.overrides(), environment: None }
    }
}

impl AuditEpochArgs {
    pub(crate) fn parts(self) -> (Sources, Option<String>, bool) {
        let sources = Sources { file: self.config, flags: self.folders.overrides(), environment: None };
        (sources, self.tenant, self.deployment)
    }
}

impl AuditExportArgs {
    pub(crate) fn parts(self) -> (Sources, PathBuf, Option<String>) {
        let sources = Sources { file: self.config, flags: self.folders.overrides(), environment: None };
        (sources, self.out, self.tenant)
    }
}

impl Cli {
    /// Runs the command to its end.
    ///
    /// # Errors
    /// Whatever stopped it, with its causes.
    pub async fn run(self) -> anyhow::Result<()> {
        match self.command {
            Command::Serve(args) => commands::serve(args).await,
            Command::Sign(args) => commands::sign(args).await,
            Command::Migrate(args) => commands::migrate(args).await,
            Command::CheckConfig(args) => commands::check_config(args),
            Command::Openapi => commands::openapi(),
            Command::OpenExport(args) => commands::open_export(&args),
            Command::Audit(AuditCommand::BeginEpoch(args)) => commands::audit_epoch(args).await,
            Command::Audit(AuditCommand::Export(args)) => commands::audit_export(args).await,
            #[cfg(feature = "demo")]
            Command::Demo(args) => commands::demo(args).await,
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[cfg(feature = "demo")]
    #[test]
    fn every_help_text() {
        let mut text = Cli::command().render_long_help().to_string();
        for command in Cli::command().get_subcommands_mut() {
            let help = command.render_long_help();
            text = format!("{text}\n\n=== {} ===\n{help}", command.get_name());
            for below in command.get_subcommands_mut().filter(|below| below.get_name() != "help") {
                let help = below.render_long_help();
                text = format!("{text}\n\n=== {} ===\n{help}", below.get_name());
            }
        }
        insta::assert_snapshot!(text);
    }
}
