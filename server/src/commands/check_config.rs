//! `sealtape check-config`.

use super::say;
use crate::{
    cli::SettingArgs,
    config::{Config, validate_serve},
};

pub(crate) fn check_config(args: SettingArgs) -> anyhow::Result<()> {
    let loaded = Config::load(&args.sources())?;
    validate_serve(&loaded)?;
    say(loaded.print().trim_end())
}
