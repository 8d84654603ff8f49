//! The Chinese of an error's `detail`: whole sentences, and none where a part of the English has no Chinese here.

use super::error::ApiError;
use crate::register::token::Role;

impl ApiError {
    /// `detail` in Chinese; `None` where there is no whole sentence.
    pub(super) fn detail_zh(&self) -> Option<String> {
        match self {
            Self::Import(refused) => Some(refused.detail_zh()),
            Self::Keep(refused) => Some(refused.detail_zh()),
            _ => self
                .state_zh()
                .map(ToOwned::to_owned)
                .or_else(|| self.access_zh())
                .or_else(|| self.record_zh())
                .or_else(|| self.request_zh()),
        }
    }

    /// What the service cannot do at the moment, or as it was started.
    const fn state_zh(&self) -> Option<&'static str> {
        match self {
            Self::Busy => Some("服务正在进行的耗时计算已达上限；请过几秒再试"),
            Self::GivenUp => Some("计算已中途取消"),
            Self::ReadOnly => Some("登记册从文件读取，不能修改；应为以 `--database` 启动的服务"),
            Self::PreconditionRequired => {
                Some("缺少请求头 `If-Match`；应为所见内容的 `ETag`，不论现有内容为何时用 `*`")
            }
            Self::StoreUnavailable => Some("登记册暂时不能写入，仍可读取；请过几秒再试"),
            Self::NotReady => Some("站点正在载入；请过几秒再试"),
            Self::Internal => Some("服务器内部错误"),
            _ => None,
        }
    }

    /// Who may ask, and how often.
    fn access_zh(&self) -> Option<String> {
        let text = match self {
            Self::Unauthorized { reason, needed } => format!(
                "{}；请在 `Authorization: Bearer` 中给出权限为“{}”或以上的令牌",
                token_zh(reason)?,
                role_zh(*needed)
            ),
            Self::Forbidden { role, needed } => format!(
                "令牌的权限为“{}”；应为“{}”或以上",
                role_zh(*role),
                role_zh(*needed)
            ),
            Self::TooManyRequests { wait_s } => format!("请求过于频繁；请 {wait_s} 秒后再试"),
            Self::RequestTimeout { limit_s } => {
                format!("请求超过了 {limit_s} 秒；请缩小查询范围，或换用更快的网络")
            }
            _ => return None,
        };
        Some(text)
    }

    /// What is wrong with a change of the register.
    fn record_zh(&self) -> Option<String> {
        let text = match self {
            Self::Stale { id, .. } => {
                format!("站点 `{id}` 在读取之后已被修改；请在现有内容上重新修改")
            }
            Self::Taken { id, .. } => {
                format!("已有编号为 `{id}` 的站点；请换一个编号，或用 `PUT` 替换")
            }
            Self::Similar { candidates } => format!(
                "已有 {} 个相似的站点；如果确是另一个站点，请加 `force=true`",
                candidates.as_array().map_or(0, Vec::len)
            ),
            Self::BadStation { problems } => {
                let first = problems.first().map(|problem| problem.message_zh.as_str());
                problems_zh("站点信息", problems.len(), first?)
            }
            Self::BadFields { what, problems } => {
                let first = problems.first().map(|problem| problem.message_zh.as_str());
                problems_zh(body_zh(what)?, problems.len(), first?)
            }
            Self::StaleTicket { id, .. } => {
                format!("工单 `{id}` 在读取之后已被修改；请在现有内容上重新处理")
            }
            Self::TicketClosed { id, .. } => {
                format!("工单 `{id}` 已结束；应为待处理或处理中的工单")
            }
            _ => return None,
        };
        Some(text)
    }

    /// What is wrong with a request, whatever it asks for.
    fn request_zh(&self) -> Option<String> {
        let text = match self {
            Self::DuplicateParameter { name } => {
                format!("参数 `{name}` 出现了不止一次；应只给一个值，多项之间用逗号分隔")
            }
            Self::BodyTooLarge {
                limit_bytes,
                expected,
            } => format!("请求内容超过 {limit_bytes} 字节；{}", smaller_zh(expected)?),
            Self::UnsupportedMediaType { given, expected } => {
                format!("不支持内容类型 `{given}`；{}", media_zh(expected)?)
            }
            Self::NotAcceptable { given, offered } => {
                format!("没有 `{given}` 形式的结果；应为{}", one_of(offered))
            }
            Self::MethodNotAllowed { given, allowed } => {
                format!("此处不支持方法 `{given}`；应为{}", one_of(allowed))
            }
            Self::NotFound {
                what,
                given,
                expected,
            } => {
                let (noun, instead) = sought_zh(what, expected)?;
                format!("没有{noun} `{given}`；{instead}")
            }
            Self::NoDemand { problem } => format!(
                "没有可供规划的需求数据：{}；应有站点、`--districts` 或 `--demand`",
                demand_zh(problem)?
            ),
            Self::AnswerTooLarge {
                what: "places",
                limit,
                instead: "`f=fgb`, or `yizhan coverage --out cells.fgb`",
            } => format!(
                "结果会超过 {limit} 个地点；请缩小范围，或改用 `f=fgb` 或 `yizhan coverage --out cells.fgb`"
            ),
            _ => return None,
        };
        Some(text)
    }
}

fn problems_zh(what: &str, count: usize, first: &str) -> String {
    match count {
        1 => format!("{what}有 1 处问题：{first}"),
        _ => format!("{what}有 {count} 处问题，第一处：{first}"),
    }
}

const fn role_zh(role: Role) -> &'static str {
    match role {
        Role::Reader => "查看",
        Role::Editor => "编辑",
        Role::Admin => "管理员",
    }
}

/// Names in a list with commas, each marked as a name.
pub(super) fn one_of(names: &str) -> String {
    let marked: Vec<String> = names.split(", ").map(|name| format!("`{name}`")).collect();
    match marked.len() {
        1 => format!(" {}", marked.concat()),
        _ => format!(" {} 之一", marked.join("、")),
    }
}

/// What is wrong with a token, as `access` and the register's tokens say it.
fn token_zh(reason: &str) -> Option<String> {
    match reason {
        "no token was given" => return Some("没有给出令牌".to_owned()),
        "the token is not known" => return Some("没有这个令牌".to_owned()),
        _ => {}
    }
    let token = reason.strip_prefix("token ")?;
    if let Some(id) = token.strip_suffix(" has expired") {
        return Some(format!("令牌 {id} 已过期"));
    }
    let id = token.strip_suffix(" was revoked")?;
    Some(format!("令牌 {id} 已被吊销"))
}

fn body_zh(what: &str) -> Option<&'static str> {
    Some(match what {
        "report" => "上报内容",
        "inspection" => "检查记录",
        "token" => "令牌",
        "feed" => "定期来源",
        "change of a ticket" => "工单处理",
        _ => return None,
    })
}

fn smaller_zh(expected: &str) -> Option<&'static str> {
    Some(match expected {
        "a smaller one" => "请减小请求内容",
        "one station; many go through an import" => "应为一个站点，多个站点请用导入",
        "shorter remarks" => "请缩短备注",
        "a shorter name" => "请缩短名称",
        "a shorter address" => "请缩短地址",
        "a shorter report" => "请缩短上报内容",
        "a shorter note" => "请缩短说明",
        "fewer decisions at a time" => "请减少每次的决定",
        _ if expected.contains("`yizhan coverage --demand FILE`") => {
            "请减小请求内容，或用命令 `yizhan coverage --demand FILE`（`gaps`、`by-hour`），它不限需求数据的大小"
        }
        _ if expected.contains("`yizhan import FILE --database …`") => {
            "请减小文件，或用命令 `yizhan import FILE --database …`，它能读取更大的文件"
        }
        _ => return None,
    })
}

fn media_zh(expected: &str) -> Option<&'static str> {
    Some(match expected {
        "application/geo+json or application/json" => "应为 `application/geo+json` 或 `application/json`",
        "the bytes of the file itself, for example `curl --data-binary @file`" => {
            "应直接发送文件本身的字节，例如 `curl --data-binary @file`"
        }
        _ => return None,
    })
}

/// What was looked for, and where to look instead.
fn sought_zh(what: &str, expected: &str) -> Option<(&'static str, &'static str)> {
    Some(match (what, expected) {
        ("station", _) => ("站点", "应为 `/v1/collections/stations/items` 中的编号"),
        ("ticket", _) => ("工单", "应为上报后得到的编号，或 `/v1/tickets` 中的编号"),
        ("import", _) => ("导入", "应为 `/v1/imports` 中的编号，导入只保留 7 天"),
        ("token", _) => ("令牌", "应为 `/v1/tokens` 中的编号"),
        ("feed", _) => ("定期来源", "应为 `/v1/feeds` 中的名称"),
        ("district", _) => ("区划", "应为 `/v1/districts` 中的代码"),
        ("standard", _) => ("标准", "应为 `/v1/standards` 中的编号"),
        ("revision", _) => ("这样的修订", "应为修改过站点的修订，见 `/v1/changes`"),
        ("asset", _) => ("文件", "应为页面中引用的文件"),
        ("path", "/v1/nearest, /v1/along-route or /v1/audit") => {
            ("路径", "应为 `/v1/nearest`、`/v1/along-route` 或 `/v1/audit`")
        }
        ("path", _) => ("路径", "应为接口说明中的路径，见 `/docs` 或 `/v1/openapi.yaml`"),
        _ => return None,
    })
}

fn demand_zh(problem: &str) -> Option<&'static str> {
    problem
        .starts_with("there are `0` districts")
        .then_some("有 `0` 个区划")
}
