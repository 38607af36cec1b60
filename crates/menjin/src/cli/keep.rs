//! Options of `menjin backup`, `restore` and `retention`.

use std::path::PathBuf;

use clap::Args;
use config::ConfigArgs;

#[derive(Debug, Args)]
pub(crate) struct BackupArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    /// The folder of backups, best on another disk; by default the folder and the store of `[backup]`. A new or
    /// empty one is prepared.
    #[arg(long, value_name = "DIR")]
    pub(crate) to: Option<PathBuf>,
    /// Only the store of `[backup.s3]`.
    #[arg(long, conflicts_with = "to")]
    pub(crate) to_store: bool,
    /// Write a new key for backups in a store to this file, which must not be there yet, and make none.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["to", "to_store", "keep", "list"])]
    pub(crate) new_key: Option<PathBuf>,
    /// How many databases to keep; by default as in `[backup]`. Photos are kept once, for all of them.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) keep: Option<u32>,
    /// List the backups that are there, and make none.
    #[arg(long)]
    pub(crate) list: bool,
}

#[derive(Debug, Args)]
pub(crate) struct RestoreArgs {
    /// The folder of backups.
    #[arg(long, value_name = "DIR", required_unless_present_any = ["to_schema", "from_store"])]
    pub(crate) from: Option<PathBuf>,
    /// The store of `[backup.s3]` instead of a folder.
    #[arg(long, conflicts_with = "from")]
    pub(crate) from_store: bool,
    /// Instead of a backup: the ledger as the daemon kept it before it migrated it from this version of
    /// its schema, unless a row has been added since. For the program before.
    #[arg(long, value_name = "N", conflicts_with_all = ["from", "from_store", "backup", "accept_missing", "rows_only"])]
    pub(crate) to_schema: Option<usize>,
    /// Which of them, by its name in `menjin backup --list`; by default the newest.
    #[arg(long, value_name = "NAME")]
    pub(crate) backup: Option<String>,
    /// The data folder, which must not hold a ledger yet; by default that of the configuration.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// The configuration file; not needed with `--data`.
    #[arg(long, value_name = "FILE", default_value = config::usual_file())]
    pub(crate) config: PathBuf,
    /// Restore although photos are missing or damaged in the backup; they are named and stay lost.
    #[arg(long)]
    pub(crate) accept_missing: bool,
    /// Do not read the photos again afterwards: they were proved while they were copied.
    #[arg(long)]
    pub(crate) rows_only: bool,
}

#[derive(Debug, Args)]
pub(crate) struct RetentionArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    /// Only show what would be removed.
    #[arg(long)]
    pub(crate) dry_run: bool,
}
