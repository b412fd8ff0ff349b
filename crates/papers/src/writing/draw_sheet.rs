//! The draw as a workbook (抽签复算表): every step of `pps-sys-v1` as a formula that a clerk can follow and change.
//!
//! SHA-256 cannot be reckoned by a spreadsheet: the digests stand as values, and any tool or the script beside the method
//! gives the same. Everything that follows from them – the start, sums, chances, who is certain, who is drawn – is a
//! formula. The start is taken apart into four pieces of 16 bits, so that no step leaves the 53 bits a spreadsheet keeps.
//! The frame has a sheet of its own with a control number that is reckoned anew: whoever changes a row sees it at once, in
//! the number and in the sample. It guards against slips and quiet changes; proof is the digest.

use super::{Language, Sheet, Workbook, sheet::Cell};

/// A pass of the search for certainties.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pass {
    /// Draws left.
    pub draws: u64,
    /// Weight left.
    pub total_weight: u64,
    /// Who became certain, with the weight.
    pub certain: Vec<(String, u32)>,
}

/// A unit in the order of the walk.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// Its number.
    pub id: String,
    /// Its field, or empty.
    pub field: String,
    /// Its weight.
    pub weight: u32,
    /// The digest it is sorted by, in hexadecimal digits.
    pub order_sha256: String,
    /// The sum of weights up to it.
    pub until: u64,
    /// Whether it was drawn.
    pub drawn: bool,
}

/// A row of the frame.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FrameRow {
    /// Its number.
    pub id: String,
    /// Its field, or empty.
    pub field: String,
    /// Why it weighs so much, such as `曾反弹=3;曾延期=2`.
    pub factors: String,
    /// Its weight.
    pub weight: u32,
}

impl FrameRow {
    /// Σ place · code of each sign of the row, below [`MODULUS`]; the formula beside it reckons the same.
    fn control(&self) -> u64 {
        let text = format!("{}|{}|{}|{}", self.id, self.field, self.factors, self.weight);
        let padded = text.encode_utf16().chain(std::iter::repeat(32)).take(SIGNS);
        let sum: u64 = (1..).zip(padded).map(|(place, code): (u64, u16)| place * u64::from(code)).sum();
        sum % MODULUS
    }
}

/// A draw, as values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DrawSheet {
    /// What it is for.
    pub title: String,
    /// The seed.
    pub seed: String,
    /// The digest of the frame.
    pub frame_sha256: String,
    /// The digest of `seed|start`, in hexadecimal digits.
    pub start_sha256: String,
    /// The search for certainties; the last pass found none.
    pub passes: Vec<Pass>,
    /// The frame, by number; left out, the walk has its weights as values.
    pub frame: Vec<FrameRow>,
    /// Everything else in the order of the walk.
    pub order: Vec<Row>,
    /// Reserves in order.
    pub reserves: Vec<String>,
    /// What could not be looked at, with the reason and the reserve that stepped in, in the order on record.
    pub stepped_in: Vec<(String, String, String)>,
    /// What is looked at anyway, with the reason.
    pub purposive: Vec<(String, String)>,
    /// What was left out, with the reason.
    pub excluded: Vec<(String, String)>,
}

fn formula(formula: String, shown: impl ToString) -> Cell {
    Cell::Formula { formula, shown: shown.to_string() }
}

/// Rows above the data of every sheet here: the title and the headings.
const ABOVE: usize = 2;
/// Signs of a row of the frame that its control number takes in.
const SIGNS: usize = 256;
/// What control numbers are below.
const MODULUS: u64 = 999_983;
const FRAME: &str = "抽样框";
const SETTINGS: &str = "参数";
const WALK: &str = "抽签";
const BESIDE: &str = "备选与除外";
const STEPPED_IN: &str = "递补";

impl DrawSheet {
    /// The workbook: settings, certainties, the walk, and what stands beside it.
    #[must_use]
    pub fn to_workbook(&self, language: Language) -> Workbook {
        Workbook {
            sheets: [
                Some(self.settings(language)),
                (!self.frame.is_empty()).then(|| self.frame_sheet(language)),
                Some(self.certain(language)),
                Some(self.walk(language)),
                Some(self.beside(language)),
                (!self.stepped_in.is_empty()).then(|| self.stepped_in(language)),
            ]
            .into_iter()
            .flatten()
            .collect(),
            ..Workbook::default()
        }
    }

    fn title(&self, language: Language, zh: &'static str, en: &'static str) -> String {
        let what = language.pick(zh, en);
        if self.title.is_empty() { what.to_owned() } else { format!("{} · {what}", self.title) }
    }

    fn last_pass(&self) -> (u64, u64) {
        self.passes.last().map_or((0, 0), |pass| (pass.draws, pass.total_weight))
    }

    /// Where the walk starts, pieces of 16 bits from the last to the first, each carried into the next; then the start.
    fn carried(&self) -> [u64; 5] {
        let (_, total) = self.last_pass();
        let piece = |from: usize| {
            let digits = self.start_sha256.get(from..from + 4).unwrap_or("0");
            u64::from_str_radix(digits, 16).unwrap_or(0)
        };
        let mut carry = 0;
        let mut carried = [0; 5];
        for (at, from) in [12, 8, 4, 0].into_iter().enumerate() {
            carried[at] = piece(from) * total + carry;
            carry = carried[at] / 65_536;
        }
        carried[4] = carry;
        carried
    }

    fn settings(&self, language: Language) -> Sheet {
        let (draws, total) = self.last_pass();
        let carried = self.carried();
        let value_only = language.pick(
            "值:表格软件不能计算 SHA-256,可用 docs/draws/recompute.py 或任何工具核对",
            "a value: a spreadsheet cannot reckon SHA-256; check it with docs/draws/recompute.py or any tool",
        );
        let mut rows: Vec<Vec<Cell>> = vec![
            vec![language.pick("方法", "method").into(), "pps-sys-v1".into(), "".into()],
            vec![language.pick("种子", "seed").into(), self.seed.clone().into(), "".into()],
            vec![
                language.pick("抽样框摘要", "digest of the frame").into(),
                self.frame_sha256.clone().into(),
                value_only.into(),
            ],
            vec![
                language.pick("起点摘要", "digest of the start").into(),
                self.start_sha256.clone().into(),
                format!("SHA-256({}|start);{value_only}", language.pick("种子", "seed")).into(),
            ],
            vec![
                language.pick("除必抽外应抽数 m", "draws beside certainties m").into(),
                Cell::Number(draws as f64),
                "".into(),
            ],
            vec![
                language.pick("权重合计 W", "sum of weights W").into(),
                formula(format!("=SUM({WALK}!D3:D{})", self.order.len().max(1) + ABOVE), total),
                "".into(),
            ],
        ];
        // Rows 9 to 12: the pieces of the start times W, carried; row 13: the start itself.
        for (at, from) in [13, 9, 5, 1].into_iter().enumerate() {
            let carry = if at == 0 { String::new() } else { format!("+INT(B{}/65536)", 8 + at) };
            rows.push(vec![
                format!("{} {}", language.pick("起点段", "piece of the start"), 4 - at).into(),
                formula(format!("=HEX2DEC(MID(B6,{from},4))*B8{carry}"), carried[at]),
                language
                    .pick("起点摘要的4位十六进制 × W + 进位", "4 hexadecimal digits × W, and what is carried")
                    .into(),
            ]);
        }
        rows.push(vec![
            language.pick("起点 q", "start q").into(),
            formula("=INT(B12/65536)".to_owned(), carried[4]),
            language.pick("= ⌊h·W/2⁶⁴⌋", "= ⌊h·W/2⁶⁴⌋").into(),
        ]);
        rows.push(vec![
            language.pick("已抽中(必抽之外)", "drawn beside certainties").into(),
            formula(
                format!("=SUM({WALK}!I3:I{})", self.order.len().max(1) + ABOVE),
                self.order.iter().filter(|row| row.drawn).count(),
            ),
            language.pick("应等于 m", "must be m").into(),
        ]);
        rows.extend(self.checks(language));
        Sheet {
            name: SETTINGS.to_owned(),
            title: self.title(language, "抽签复算表", "The draw, to be reckoned again"),
            headings: language.pick("项目|值|说明", "what|value|how").split('|').map(str::to_owned).collect(),
            rows,
            ..Sheet::default()
        }
    }

    /// Rows 15 to 17: the control number as frozen and as reckoned, and whether the sample is the published one.
    fn checks(&self, language: Language) -> Vec<Vec<Cell>> {
        if self.frame.is_empty() {
            return Vec::new();
        }
        let last = self.frame.len() + ABOVE;
        let control: u64 = (1..).zip(&self.frame).map(|(place, row): (u64, _)| place * row.control()).sum();
        let walked = self.order.len().max(1) + ABOVE;
        vec![
            vec![
                language.pick("抽样框校验数(冻结时)", "control number of the frame, when frozen").into(),
                Cell::Number(control as f64),
                "".into(),
            ],
            vec![
                language.pick("抽样框校验数(现在)", "control number of the frame, now").into(),
                formula(format!("=SUMPRODUCT({FRAME}!A3:A{last},{FRAME}!F3:F{last})"), control),
                formula(
                    format!(
                        "=IF(B15=B16,\"{}\",\"{}\")",
                        language.pick("√ 抽样框未改动", "√ unchanged"),
                        language.pick("× 抽样框已改动", "× changed")
                    ),
                    language.pick("√ 抽样框未改动", "√ unchanged"),
                ),
            ],
            vec![
                language.pick("与公布结果不符的件数", "units unlike the published sample").into(),
                formula(format!("=SUMPRODUCT(ABS({WALK}!I3:I{walked}-{WALK}!J3:J{walked}))"), 0),
                formula("=IF(B17=0,\"√\",\"×\")".to_owned(), "√"),
            ],
        ]
    }

    fn frame_sheet(&self, language: Language) -> Sheet {
        let row = |(index, row): (usize, &FrameRow)| {
            let at = index + ABOVE + 1;
            let text = format!("B{at}&\"|\"&C{at}&\"|\"&D{at}&\"|\"&E{at}&REPT(\" \",{SIGNS})");
            let control = format!(
                "=MOD(SUMPRODUCT(_xlfn.UNICODE(MID({text},ROW($1:${SIGNS}),1))*ROW($1:${SIGNS})),{MODULUS})"
            );
            vec![
                Cell::Number((index + 1) as f64),
                row.id.clone().into(),
                row.field.clone().into(),
                row.factors.clone().into(),
                Cell::Number(f64::from(row.weight)),
                formula(control, row.control()),
            ]
        };
        let headings = language.pick(
            "次序|编号|领域|权重因素|权重|校验数",
            "place|number|field|why it weighs so much|weight|control number",
        );
        Sheet {
            name: FRAME.to_owned(),
            title: self.title(language, "抽样框", "The frame"),
            headings: headings.split('|').map(str::to_owned).collect(),
            rows: self.frame.iter().enumerate().map(row).collect(),
            ..Sheet::default()
        }
    }

    /// The weight of a unit: looked up in the frame where there is one.
    fn weight(&self, id_at: &str, weight: u32) -> Cell {
        if self.frame.is_empty() {
            return Cell::Number(f64::from(weight));
        }
        let last = self.frame.len() + ABOVE;
        let look_up = format!("=INDEX({FRAME}!$E$3:$E${last},MATCH({id_at},{FRAME}!$B$3:$B${last},0))");
        formula(look_up, weight)
    }

    fn certain(&self, language: Language) -> Sheet {
        let mut rows = Vec::new();
        for (number, pass) in (1..).zip(&self.passes) {
            for (id, weight) in &pass.certain {
                let at = rows.len() + ABOVE + 1;
                rows.push(vec![
                    Cell::Number(f64::from(number)),
                    Cell::Number(pass.draws as f64),
                    Cell::Number(pass.total_weight as f64),
                    id.clone().into(),
                    self.weight(&format!("D{at}"), *weight),
                    formula(format!("=IF(E{at}*B{at}>=C{at},\"√\",\"×\")"), "√"),
                ]);
            }
        }
        Sheet {
            name: "必抽".to_owned(),
            title: self.title(language, "必抽", "Certainties"),
            headings: language
                .pick(
                    "轮|余抽数|余权重|编号|权重|权重×余抽数≥余权重",
                    "pass|draws left|weight left|number|weight|weight × draws ≥ weight left",
                )
                .split('|')
                .map(str::to_owned)
                .collect(),
            rows,
            ..Sheet::default()
        }
    }

    fn walk(&self, language: Language) -> Sheet {
        let (draws, total) = self.last_pass();
        let mut rows = Vec::new();
        for (index, row) in self.order.iter().enumerate() {
            let at = index + ABOVE + 1;
            let before = if index == 0 { "0".to_owned() } else { format!("G{}", at - 1) };
            let rising = if index == 0 {
                "=\"√\"".to_owned()
            } else {
                format!("=IF(E{at}>E{},\"√\",\"×\")", at - 1)
            };
            let chance = draws as f64 * f64::from(row.weight) / total as f64;
            let (m, w, q) =
                (format!("{SETTINGS}!$B$7"), format!("{SETTINGS}!$B$8"), format!("{SETTINGS}!$B$13"));
            rows.push(vec![
                Cell::Number((index + 1) as f64),
                row.id.clone().into(),
                row.field.clone().into(),
                self.weight(&format!("B{at}"), row.weight),
                row.order_sha256.clone().into(),
                formula(rising, "√"),
                formula(format!("={before}+D{at}"), row.until),
                formula(format!("={m}*D{at}/{w}"), chance),
                formula(
                    format!("=INT((G{at}*{m}-1-{q})/{w})-INT(({before}*{m}-1-{q})/{w})"),
                    u8::from(row.drawn),
                ),
                Cell::Number(f64::from(u8::from(row.drawn))),
            ]);
        }
        let headings = language.pick(
            "次序|编号|领域|权重|排序摘要 SHA-256(种子|order|编号)|递增|累计 c|概率|抽中|公布",
            "place|number|field|weight|digest of the order SHA-256(seed|order|number)|rising|sum c|chance|drawn|published",
        );
        Sheet {
            name: WALK.to_owned(),
            title: self.title(language, "抽签", "The walk"),
            headings: split_headings(headings),
            rows,
            ..Sheet::default()
        }
    }

    fn beside(&self, language: Language) -> Sheet {
        let mut rows = Vec::new();
        for (number, id) in (1..).zip(&self.reserves) {
            let why = format!("{} {number}", language.pick("第", "no."));
            rows.push(vec![language.pick("备选", "reserve").into(), id.clone().into(), why.into()]);
        }
        let lists = [
            (&self.purposive, language.pick("点名必查", "purposive")),
            (&self.excluded, language.pick("不参加抽签", "left out")),
        ];
        for (list, what) in lists {
            for (id, reason) in list {
                rows.push(vec![what.into(), id.clone().into(), reason.clone().into()]);
            }
        }
        Sheet {
            name: BESIDE.to_owned(),
            title: self.title(
                language,
                "备选、点名与除外(均为值)",
                "Reserves, purposive, left out (all values)",
            ),
            headings: language
                .pick("类别|编号|说明", "kind|number|reason")
                .split('|')
                .map(str::to_owned)
                .collect(),
            rows,
            ..Sheet::default()
        }
    }
}

impl DrawSheet {
    /// The n-th absence takes the n-th reserve: the formula looks it up among the reserves and compares.
    fn stepped_in(&self, language: Language) -> Sheet {
        let row = |(index, (absent, reason, reserve)): (usize, &(String, String, String))| {
            let at = index + ABOVE + 1;
            let last = self.reserves.len() + ABOVE;
            let look_up = format!("=INDEX({BESIDE}!$B$3:$B${last},A{at})");
            vec![
                Cell::Number((index + 1) as f64),
                absent.clone().into(),
                reason.clone().into(),
                formula(look_up, reserve),
                reserve.clone().into(),
                formula(format!("=IF(D{at}=E{at},\"√\",\"×\")"), "√"),
            ]
        };
        let headings = language.pick(
            "次序|未能查看|原因|应递补|实际递补|相符",
            "place|could not be looked at|reason|reserve by the order|reserve on record|agrees",
        );
        Sheet {
            name: STEPPED_IN.to_owned(),
            title: self.title(language, "备选递补", "Reserves that stepped in"),
            headings: headings.split('|').map(str::to_owned).collect(),
            rows: self.stepped_in.iter().enumerate().map(row).collect(),
            ..Sheet::default()
        }
    }
}

/// Headings separated by `|`, except inside brackets.
fn split_headings(headings: &str) -> Vec<String> {
    let mut depth = 0;
    let parts = headings.split(move |sign| {
        match sign {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        sign == '|' && depth == 0
    });
    parts.map(str::to_owned).collect()
}
