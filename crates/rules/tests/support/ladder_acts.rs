//! An example of every act about a measure of the ladder, and about figures of a period.

use bihuan_rules::{
    id::{PersonId, PostId, TaskId, UnitId},
    ladder::{CaseAct, Ground, Meeting, Opening, Rung},
    ranking::{FigureSet, FiguresAct, Period},
    task::Hand,
};
use jiff::civil::date;
use std::collections::BTreeMap;

fn text(words: &str) -> String {
    words.to_owned()
}

fn unit(id: &str) -> UnitId {
    UnitId::new(id).expect("a code")
}

fn hand() -> Hand {
    Hand {
        person: PersonId::new("lin").expect("a code"),
        post: PostId::new("vice-head").expect("a code"),
        unit: unit("district"),
    }
}

/// With one fact of every kind.
fn opening() -> Opening {
    let due_on = date(2021, 6, 30);
    Opening {
        ladder: text("generic"),
        step: text("transfer"),
        rung: Rung::Transfer,
        task: TaskId::new("AL-2021-00001-1").expect("a code"),
        round: 1,
        unit: unit("town"),
        grounds: vec![
            Ground::DueSoon { due_on, days: 7 },
            Ground::Milestone { number: 2, due_on: date(2021, 5, 31) },
            Ground::Overdue { due_on, days: 30 },
            Ground::Returned { times: 2 },
            Ground::Rebounded { times: 1 },
            Ground::Fake,
            Ground::Earlier { rung: Rung::Interview, times: 1, on: date(2021, 4, 1) },
            Ground::Cited {
                text: text("提级督办后仍拒不整改"), facts: text("区环委会第3次会议通报")
            },
        ],
        demand: text("核查虚假整改问题线索"),
        organ: text("区纪委监委"),
    }
}

/// One of each.
pub fn cases() -> Vec<CaseAct> {
    let answer_by = date(2021, 8, 31);
    let plain = Opening { organ: String::new(), rung: Rung::Listed, step: text("listed"), ..opening() };
    let meeting = Meeting {
        on: date(2021, 7, 30),
        present: text("副区长林某、区生态环境局局长、镇长"),
        minutes: text("通报逾期事实，要求三十日内完成整改"),
        pledge: text("8月底前完成"),
    };
    vec![
        CaseAct::Opened { opening: opening(), by: hand(), answer_by, objections_until: date(2021, 8, 6) },
        CaseAct::Declined { opening: plain, reason: text("汛期已顺延"), by: hand() },
        CaseAct::Received,
        CaseAct::Objected { text: text("已于6月28日完工") },
        CaseAct::ObjectionDecided { upheld: false, reason: text("佐证不足"), answer_by },
        CaseAct::Extended { reason: text("跨镇协调"), answer_by },
        CaseAct::Answered { text: text("已完成整改并复查") },
        CaseAct::Verified { passed: true, text: text("现场查看属实"), by: hand() },
        CaseAct::Lifted { text: text("整改到位，予以解除") },
        CaseAct::Requested {
            opening: Opening {
                organ: String::new(),
                rung: Rung::Interview,
                step: text("interview"),
                ..opening()
            },
            by: hand(),
        },
        CaseAct::Approved {
            demand: text("说明原因并限期完成"),
            by: hand(),
            answer_by,
            objections_until: date(2021, 8, 6),
        },
        CaseAct::Refused { reason: text("已另行安排"), by: hand() },
        CaseAct::Reported { text: text("滞后原因为管线迁改") },
        CaseAct::Met { meeting, answer_by },
        CaseAct::ExtensionAsked { days: 20, text: text("设备到货推迟") },
        CaseAct::ExtensionRefused { reason: text("未说明补救措施") },
        CaseAct::Published { place: text("区政府门户网站") },
    ]
}

/// One of each.
pub fn figures() -> Vec<FiguresAct> {
    let set = FigureSet {
        period: Period::read("2021-05").expect("a month"),
        figure: text("water"),
        source: text("2021年5月水环境质量月报"),
        values: BTreeMap::from([(unit("neighbour"), 81_250), (unit("town"), 78_000)]),
    };
    vec![FiguresAct::Entered { set }]
}
