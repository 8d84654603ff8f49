//! The command line: one file for each command. The only module that may use every other.

mod audit;
mod backup;
mod check;
mod convert;
mod data;
mod datum;
mod demand;
mod feed;
mod file;
mod geocode;
mod hours;
mod import;
mod import_listing;
mod plan;
mod question;
mod register;
mod report;
mod serve;
mod terminal;
mod token;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Exit codes, the same for all commands; `--help` lists them.
pub(crate) mod exit {
    /// Done; something was found; no problems.
    pub const DONE: u8 = 0;
    /// Nothing was found, or a check found problems.
    pub const NOTHING_OR_PROBLEMS: u8 = 1;
    /// A flag or a value is wrong (also clap's own code).
    pub const USAGE: u8 = 2;
    /// A file, a port or the like could not be used.
    pub const FAILED: u8 = 3;
    /// Ended by Ctrl-C or SIGTERM before there was an answer, as shells tell it.
    pub const INTERRUPTED: u8 = 130;
}

const AFTER_HELP: &str = "\
Examples · 例子:
  yizhan                                             serve the bundled demo city on 127.0.0.1:8080
  yizhan serve --stations register.csv --coord gcj02 serve a register whose coordinates are GCJ-02
  yizhan serve --database --stations register.csv    keep it in yizhan.db and take edits over HTTP
  yizhan token make 王小明 --role editor              who may edit
  yizhan import 站点表.xlsx --coord gcj02             what a sheet would change; --commit writes it, undo takes it back
  yizhan feed add https://host/stations.csv --source 市总工会 --every 6h --coord gcj02
  yizhan backup yizhan.backup                        everything in one file; restore puts it back
  yizhan nearest --lon 109.51 --lat 18.25 --facilities microwave --open arrival --f txt --lang en
  yizhan nearest --stations register.csv --coord gcj02 --lon 113.6253 --lat 34.7466
  yizhan along-route --line '109.48,18.25;109.53,18.27' --distance-m 300 --f txt
  yizhan audit --standard sanya-ten --lang en        who passes, who fails, what to do first
  yizhan coverage --facilities toilet --at mo-04:00  how much is covered on a Monday at 4 a.m.
  yizhan gaps --minutes 10 --out gaps.geojson        what is not covered, and what would close it
  yizhan by-hour --lang en                           coverage hour by hour, and who carries it
  yizhan check register.csv                          what is wrong with a register
  yizhan convert register.csv --out register.geojson to the lossless format
  yizhan datum --from gcj02 --to wgs84 113.5645,34.8192
  yizhan hours 'Mo-Fr 08:30-17:30; PH off' --at 2026-02-14T10:00

Exit codes · 退出码:
  0 done or found · 1 nothing found, or problems found
  2 wrong flag or value · 3 a file or port failed · 130 interrupted";

/// 驿站: finds outdoor-worker service stations (户外劳动者服务站点). Without a command: `serve`.
#[derive(Debug, Parser)]
#[command(name = "yizhan", version, after_help = AFTER_HELP, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: serve::ServeArgs,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve stations over HTTP · 启动服务
    Serve(Box<serve::ServeArgs>),
    /// The nearest stations, as GET /v1/nearest answers · 最近的驿站
    Nearest(Box<question::NearestArgs>),
    /// Stations along a line, as GET /v1/along-route answers · 沿途的驿站
    AlongRoute(Box<question::AlongRouteArgs>),
    /// Which stations pass a facility standard, as GET /v1/audit answers · 按标准检查站点
    Audit(Box<audit::AuditArgs>),
    /// How much is covered, by district and facility, as GET /v1/coverage answers · 覆盖情况
    Coverage(Box<plan::CoverageArgs>),
    /// What is not covered, and what would close it, as GET /v1/coverage/gaps answers · 覆盖空白
    Gaps(Box<plan::GapsArgs>),
    /// Coverage in each hour of a week, as GET /v1/coverage/by-hour answers · 逐时覆盖
    ByHour(Box<plan::ByHourArgs>),
    /// Coverage, hours, gaps and audit on one page of HTML, as GET /v1/report answers · 评估报告
    Report(Box<report::ReportArgs>),
    /// Say what is wrong with a register · 检查登记表
    Check(check::CheckArgs),
    /// Turn a register into GeoJSON or CSV · 转换格式
    Convert(convert::ConvertArgs),
    /// Convert coordinates between WGS-84, GCJ-02 and BD-09 · 坐标转换
    Datum(datum::DatumArgs),
    /// Bring a sheet into the register: dry run, then --commit · 导入表格
    Import(Box<import::ImportArgs>),
    /// Take a revision of the register back · 撤销一次修改
    Undo(import::UndoArgs),
    /// Fetch sheets on a schedule into the same dry run · 定期获取表格
    Feed(feed::FeedArgs),
    /// Write the whole register into one file, while it is in use · 备份
    Backup(backup::BackupArgs),
    /// Fill an empty register from a backup · 从备份恢复
    Restore(backup::RestoreArgs),
    /// All stations as GeoJSON without loss, and the log of changes · 导出全部站点
    Export(backup::ExportArgs),
    /// Make, list and revoke the tokens of those who write · 管理令牌
    Token(token::TokenArgs),
    /// Say when hours are open, by the Chinese work calendar · 开放时间
    Hours(hours::HoursArgs),
}

/// Runs the program.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.command {
        None => serve::run(&cli.serve),
        Some(Command::Serve(args)) => serve::run(&args),
        Some(Command::Nearest(args)) => question::nearest(&args),
        Some(Command::AlongRoute(args)) => question::along_route(&args),
        Some(Command::Audit(args)) => audit::run(&args),
        Some(Command::Coverage(args)) => plan::coverage(&args),
        Some(Command::Gaps(args)) => plan::gaps(&args),
        Some(Command::ByHour(args)) => plan::by_hour(&args),
        Some(Command::Report(args)) => report::run(&args),
        Some(Command::Check(args)) => check::run(&args),
        Some(Command::Convert(args)) => convert::run(&args),
        Some(Command::Datum(args)) => datum::run(&args),
        Some(Command::Import(args)) => import::run(&args),
        Some(Command::Undo(args)) => import::undo(&args),
        Some(Command::Feed(args)) => feed::run(&args),
        Some(Command::Backup(args)) => backup::backup(&args),
        Some(Command::Restore(args)) => backup::restore(&args),
        Some(Command::Export(args)) => backup::export(&args),
        Some(Command::Token(args)) => token::run(&args),
        Some(Command::Hours(args)) => hours::run(&args),
    };
    match done {
        Ok(code) => ExitCode::from(code),
        Err(error) if terminal::is_closed_pipe(&error) => ExitCode::from(exit::DONE),
        Err(error) => {
            terminal::tell(format_args!("yizhan: {error:#}"));
            ExitCode::from(exit::FAILED)
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_arguments_are_consistent() {
        super::Cli::command().debug_assert();
    }
}
