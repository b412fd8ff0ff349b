//! An example of every act about a measure of the ladder, and about figures of a period.

use bihuan_rules::{
    id::{PersonId, PostId, TaskId, UnitId},
    ladder::{CaseAct, Ground, Opening, Rung},
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
