//! Lists of units (单位名单): split, with roles where the text gives them, nothing expanded.
//!
//! 牵头 and 配合 inside a cell give roles; without them every unit keeps the role of its column. Groups such as 各乡镇
//! stay as they are written and are marked, because only a person knows who they are.

use super::{measure::mark, wording::narrow};

/// What a list of units says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct UnitList {
    /// Marked as leading.
    pub(super) lead: Vec<String>,
    /// Marked as helping.
    pub(super) co: Vec<String>,
    /// Without a mark, or marked as responsible.
    pub(super) plain: Vec<String>,
    /// Persons whom the text names besides the units (责任人:某某).
    pub(super) persons: Vec<String>,
    /// Leaders whom the text names besides the units (责任领导:某某).
    pub(super) leaders: Vec<String>,
    /// Why a person must look, in Chinese and English.
    pub(super) doubts: Vec<(String, String)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Lead,
    Co,
    Plain,
    Person,
    Leader,
}

/// What units end in.
const ENDINGS: &[&str] = &[
    "局",
    "委",
    "办",
    "府",
    "会",
    "厅",
    "部",
    "镇",
    "乡",
    "街道",
    "村",
    "公司",
    "集团",
    "院",
    "校",
    "站",
    "所",
    "队",
    "中心",
    "处",
    "社",
    "区",
    "县",
    "市",
    "园",
    "组",
    "场",
    "矿",
    "厂",
    "银行",
    "署",
    "州",
    "旗",
    "盟",
    "法院",
    "社区",
    "团",
    "库",
    "馆",
    "学",
    "有关部门",
    "相关部门",
    "单位",
    "部门",
    "苏木",
    ")",
];

/// Endings after which 和, 及 or 与 joins two units.
const JOIN_ENDINGS: &[&str] = &[
    "局",
    "委",
    "办",
    "府",
    "厅",
    "管委会",
    "镇",
    "乡",
    "街道",
    "公司",
    "中心",
    "办事处",
    "县",
    "支队",
    "大队",
];

/// Whether a text could be the name of a unit.
fn looks_like_unit(text: &str) -> bool {
    text.chars().count() >= 2 && ENDINGS.iter().any(|ending| text.ends_with(ending))
}

/// Whether a unit is a group that only a person can resolve.
pub(super) fn is_group(unit: &str) -> bool {
    const STARTS: [&str; 10] = ["各", "有关", "相关", "全区", "全县", "全市", "全州", "涉及", "其他", "其它"];
    const WHOLE: [&str; 6] = ["街道办事处", "乡镇", "镇街", "街道", "乡镇人民政府", "乡镇政府"];
    const INSIDE: [&str; 10] =
        ["有关部门", "相关部门", "有关单位", "相关单位", "各乡镇", "各镇", "各街道", "各县", "各区", "直各"];
    STARTS.iter().any(|start| unit.starts_with(start))
        || WHOLE.contains(&unit)
        || INSIDE.iter().any(|inside| unit.contains(inside))
        || (unit.contains("各") && unit.ends_with("部门"))
}

/// Cuts the text outside brackets at separators; white space separates only between things that look like units.
fn tokens(text: &str) -> Vec<(String, char)> {
    let mut out: Vec<(String, char)> = Vec::new();
    let mut current = String::new();
    let mut depth = 0_u32;
    let signs: Vec<char> = text.chars().collect();
    let mut at = 0;
    while at < signs.len() {
        let sign = signs[at];
        match sign {
            '(' | '[' | '【' | '〔' | '《' => {
                depth += 1;
                current.push(sign);
            }
            ')' | ']' | '】' | '〕' | '》' => {
                depth = depth.saturating_sub(1);
                current.push(sign);
            }
            '、' | ',' | ';' | '/' | '。' | '|' | '\\' if depth == 0 => {
                out.push((std::mem::take(&mut current), sign));
            }
            _ if sign.is_whitespace() => {
                let rest: String = signs[at..].iter().skip_while(|sign| sign.is_whitespace()).collect();
                let next: String = rest
                    .chars()
                    .take_while(|sign| !sign.is_whitespace() && !"、,;/。".contains(*sign))
                    .collect();
                if depth == 0
                    && looks_like_unit(&current)
                    && looks_like_unit(without_role(&next))
                    && !next.starts_with('(')
                {
                    out.push((std::mem::take(&mut current), ' '));
                }
            }
            '和' | '及' | '与'
                if depth == 0
                    && JOIN_ENDINGS.iter().any(|ending| current.ends_with(ending))
                    && at + 2 < signs.len()
                    && !is_government(&signs[at + 1..]) =>
            {
                out.push((std::mem::take(&mut current), '、'));
            }
            _ => current.push(sign),
        }
        at += 1;
    }
    out.push((current, ';'));
    out
}

/// Whether a bare 政府 follows, as in 各县党委和政府: one body, not two.
fn is_government(signs: &[char]) -> bool {
    let next: String = signs.iter().take_while(|sign| sign.is_alphabetic()).take(5).collect();
    matches!(next.as_str(), "政府" | "人民政府" | "管委会")
}

/// The name without a role word at its end.
fn without_role(text: &str) -> &str {
    let mut text = text;
    for ending in ["负责", "配合", "牵头", "协助", "落实"] {
        text = text.strip_suffix(ending).unwrap_or(text);
    }
    text
}

/// Role labels inside a cell: 牵头单位:…
const LABELS: &[(&str, Role)] = &[
    ("牵头责任单位", Role::Lead),
    ("牵头单位", Role::Lead),
    ("牵头部门", Role::Lead),
    ("牵头", Role::Lead),
    ("责任牵头单位", Role::Lead),
    ("配合责任单位", Role::Co),
    ("配合单位", Role::Co),
    ("配合部门", Role::Co),
    ("协办单位", Role::Co),
    ("协助单位", Role::Co),
    ("参与单位", Role::Co),
    ("协同单位", Role::Co),
    ("配合", Role::Co),
    ("整改责任单位", Role::Plain),
    ("主要责任单位", Role::Plain),
    ("主体责任单位", Role::Plain),
    ("责任单位", Role::Plain),
    ("责任部门", Role::Plain),
    ("责任主体", Role::Plain),
    ("主责单位", Role::Plain),
    ("承办单位", Role::Plain),
    ("落实单位", Role::Plain),
    ("整改单位", Role::Plain),
    ("具体责任人", Role::Person),
    ("整改责任人", Role::Person),
    ("直接责任人", Role::Person),
    ("主要责任人", Role::Person),
    ("责任人", Role::Person),
    ("联系人", Role::Person),
    ("主要负责人", Role::Person),
    ("负责人", Role::Person),
    ("责任领导", Role::Leader),
    ("分管领导", Role::Leader),
    ("包保领导", Role::Leader),
    ("牵头领导", Role::Leader),
];

/// The role mark at the end of a name (甲局牵头, 甲局(牵头单位)), with the name without it.
fn role_at_end(unit: &str) -> Option<(Role, String)> {
    let inner = unit.strip_suffix(')').and_then(|text| text.rsplit_once('('));
    if let Some((name, mark)) = inner {
        let role = match mark {
            "牵头" | "牵头单位" | "牵头部门" | "牵头责任单位" | "牵头负责" => Role::Lead,
            "配合" | "配合单位" | "配合部门" | "协办" | "协办单位" => Role::Co,
            "责任单位" | "主责" | "主体责任" | "责任主体" | "主责单位" => Role::Plain,
            _ => return None,
        };
        return Some((role, name.to_owned()));
    }
    let endings: [(&str, Role); 12] = [
        ("为牵头单位", Role::Lead),
        ("作为牵头单位", Role::Lead),
        ("牵头负责", Role::Lead),
        ("牵头落实", Role::Lead),
        ("牵头", Role::Lead),
        ("为配合单位", Role::Co),
        ("配合落实", Role::Co),
        ("协助配合", Role::Co),
        ("积极配合", Role::Co),
        ("参与", Role::Co),
        ("配合", Role::Co),
        ("协助", Role::Co),
    ];
    endings.iter().find_map(|(ending, role)| {
        unit.strip_suffix(ending)
            .filter(|name| name.chars().count() >= 2)
            .map(|name| (*role, name.to_owned()))
    })
}

/// Takes filler words off the end of a name; the second value says what was taken.
fn strip_filler(unit: &str) -> (String, bool) {
    const FILLERS: [&str; 17] = [
        "负责落实",
        "按照各自职责分工负责",
        "按照职责分工负责",
        "按职责分工分别负责",
        "按职责分工负责",
        "按各自职责负责",
        "按职责负责",
        "根据职责分工负责",
        "依职责分工负责",
        "按职责分工",
        "分工负责",
        "分别负责",
        "共同负责",
        "等部门",
        "等单位",
        "负责",
        "等",
    ];
    let mut name = unit.trim();
    let mut stripped = false;
    loop {
        let before = name;
        for filler in FILLERS {
            if let Some(rest) = name.strip_suffix(filler) {
                name = rest.trim();
                stripped |= !filler.starts_with("负责");
            }
        }
        if name == before {
            return (name.to_owned(), stripped);
        }
    }
}

/// The list being put together: units whose role is not known yet wait for the mark that closes their group.
#[derive(Default)]
struct Gathering {
    list: UnitList,
    waiting: Vec<String>,
    label: Option<Role>,
}

impl Gathering {
    fn place(&mut self, role: Role, unit: String) {
        let units = match role {
            Role::Lead => &mut self.list.lead,
            Role::Co => &mut self.list.co,
            Role::Plain => &mut self.list.plain,
            Role::Person => &mut self.list.persons,
            Role::Leader => &mut self.list.leaders,
        };
        if !unit.is_empty() && !units.contains(&unit) {
            units.push(unit);
        }
    }

    fn release(&mut self, role: Role) {
        for unit in std::mem::take(&mut self.waiting) {
            self.place(role, unit);
        }
    }
}

/// Reads a list of units.
pub(super) fn read(original: &str) -> UnitList {
    let original = &without_marks(original);
    let text = narrow(original);
    let mut gathering = Gathering::default();
    for (token, separator) in joined(labelled_tokens(&text)) {
        let mut unit = token.trim().trim_end_matches('。').to_owned();
        if let Some((role, rest)) = label_at_start(&unit) {
            gathering.release(Role::Plain);
            gathering.label = Some(role);
            unit = rest;
        }
        unit = unit.strip_prefix('由').map_or(unit.clone(), ToOwned::to_owned);
        take(&mut gathering, &unit, separator);
    }
    gathering.release(Role::Plain);
    let mut list = gathering.list;
    if original.contains(['（', '）', '，', '；']) {
        for unit in list.lead.iter_mut().chain(&mut list.co).chain(&mut list.plain) {
            restore(unit, &text, original);
        }
    }
    list
}

/// A list whose lines are numbered, without the numbers.
fn without_marks(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let unmarked = |line: &&str| mark(line).map(|mark| line[mark.length..].trim().to_owned());
    let bare: Option<Vec<String>> = lines.iter().map(unmarked).collect();
    match bare {
        Some(bare) if !bare.is_empty() => bare.join("\n"),
        _ => text.to_owned(),
    }
}

/// Gives a name the brackets back that the document wrote; narrowing changes signs one by one, so places agree.
fn restore(unit: &mut String, narrowed: &str, original: &str) {
    if !unit.contains(['(', ')', ',', ';']) {
        return;
    }
    let visible = |sign: &char| !matches!(sign, '\u{200b}' | '\u{feff}' | '\u{200c}' | '\u{200d}');
    if let Some(at) = narrowed.find(unit.as_str()) {
        let begin = narrowed[..at].chars().count();
        *unit = original.chars().filter(visible).skip(begin).take(unit.chars().count()).collect();
    }
}

/// 各县委、人民政府 is one group: a bare 人民政府 belongs to the party committee named before it.
fn joined(tokens: Vec<(String, char)>) -> Vec<(String, char)> {
    let mut out: Vec<(String, char)> = Vec::with_capacity(tokens.len());
    for (token, separator) in tokens {
        match out.last_mut() {
            Some((before, comma))
                if *comma == '、'
                    && before.trim_end().ends_with('委')
                    && matches!(token.trim(), "人民政府" | "政府" | "管委会") =>
            {
                before.push('、');
                before.push_str(token.trim());
                *comma = separator;
            }
            _ => out.push((token, separator)),
        }
    }
    out
}

/// Adds one token to the gathering.
fn take(gathering: &mut Gathering, unit: &str, separator: char) {
    let (unit, stripped) = strip_filler(unit);
    if stripped {
        gathering.list.doubts.push((
            format!("“{unit}”之后有“等”“按职责分工”等字样,单位可能没有列全"),
            format!("words such as 等 after “{unit}”: the list may be incomplete"),
        ));
    }
    if unit.is_empty() || is_nothing(&unit) {
        return;
    }
    if let Some(role @ (Role::Person | Role::Leader)) = gathering.label {
        gathering.place(role, unit);
        return;
    }
    let (mark, name) = match role_at_end(&unit) {
        Some((role, name)) => (Some(role), name),
        None => (None, unit),
    };
    if is_group(&name) {
        gathering.list.doubts.push((
            format!("“{name}”是一组单位,须由人确定是哪些"),
            format!("“{name}” is a group; a person must say which units it means"),
        ));
    } else if name.chars().count() > 30 {
        gathering
            .list
            .doubts
            .push((format!("“{name}”不像单位名称"), format!("“{name}” does not look like a unit")));
    }
    match mark {
        // A mark in brackets belongs to one unit, a mark in words to the group it closes.
        Some(role) => {
            let group = if role == Role::Lead && !gathering.waiting.is_empty() { Role::Lead } else { role };
            gathering.release(group);
            gathering.place(role, name);
        }
        None => match gathering.label {
            Some(role) => gathering.place(role, name),
            None => gathering.waiting.push(name),
        },
    }
    if separator == ';' {
        gathering.release(Role::Plain);
    }
}

/// Tokens, with labels inside the text put at the start of a token.
fn labelled_tokens(text: &str) -> Vec<(String, char)> {
    let mut broken = text.to_owned();
    for (label, _) in LABELS {
        let with_colon = format!("{label}:");
        if !broken.contains(&with_colon) {
            continue;
        }
        let mut out = String::new();
        let mut rest = broken.as_str();
        while let Some(at) = rest.find(&with_colon) {
            let head = &rest[..at];
            out.push_str(head);
            // A longer label (整改责任单位) was handled before; its end is not the start of another.
            let free =
                head.chars().next_back().is_none_or(|sign| sign.is_whitespace() || !sign.is_alphabetic());
            if free {
                out.push(';');
            }
            out.push_str(&with_colon);
            rest = &rest[at + with_colon.len()..];
        }
        out.push_str(rest);
        broken = out;
    }
    tokens(&broken)
}

/// The label a token begins with, and the rest.
fn label_at_start(unit: &str) -> Option<(Role, String)> {
    LABELS.iter().find_map(|(label, role)| {
        let rest = unit.strip_prefix(label)?.strip_prefix(':')?;
        Some((*role, rest.trim().to_owned()))
    })
}

/// Whether a text says that there is nothing: 无, /, —.
pub(super) fn is_nothing(text: &str) -> bool {
    let text = text.trim();
    is_dash(text) || matches!(text, "无" | "暂无" | "没有" | "不涉及" | "无。")
}

/// Whether a text is a dash or stroke that stands for nothing.
pub(super) fn is_dash(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty() && text.chars().all(|sign| "/\\-—–－_―／".contains(sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> Vec<String> {
        read(text).plain
    }

    #[test]
    fn units_split_outside_brackets_and_keep_sub_units() {
        assert_eq!(
            plain("区住房和城乡建设局(区城管办、区园林所)、青石镇;区水务局\n县农业农村局"),
            ["区住房和城乡建设局(区城管办、区园林所)", "青石镇", "区水务局", "县农业农村局"]
        );
        assert_eq!(plain("县生态环\n境分局"), ["县生态环境分局"]);
        assert_eq!(plain("县水利局和青石镇人民政府"), ["县水利局", "青石镇人民政府"]);
        assert_eq!(plain("市发展和改革委员会"), ["市发展和改革委员会"]);
    }

    #[test]
    fn lead_and_co_come_from_marks_only() {
        let list = read("县水利局牵头,县财政局、青石镇配合");
        assert_eq!(
            (list.lead, list.co, list.plain),
            (vec!["县水利局".into()], vec!["县财政局".into(), "青石镇".into()], vec![])
        );
        let list = read("牵头单位:县水利局 配合单位:县财政局、青石镇");
        assert_eq!(
            (list.lead, list.co),
            (vec!["县水利局".to_owned()], vec!["县财政局".into(), "青石镇".into()])
        );
        let list = read("县水利局(牵头)、县财政局");
        assert_eq!((list.lead, list.plain), (vec!["县水利局".to_owned()], vec!["县财政局".to_owned()]));
    }

    #[test]
    fn groups_are_kept_and_marked() {
        for text in ["各乡镇人民政府", "区级有关部门", "街道办事处", "市直相关部门", "全县各镇"]
        {
            let list = read(text);
            assert_eq!((list.plain.len(), list.doubts.len()), (1, 1), "{text}");
        }
        let list = read("县水利局、县财政局等按职责分工负责");
        assert_eq!(list.plain, ["县水利局", "县财政局"]);
        assert_eq!(list.doubts.len(), 1);
    }
}
