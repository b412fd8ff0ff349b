//! An example of every act about surveys and complaints.

use bihuan_rules::{
    Act,
    burden::{
        GrievanceAct, Ill, Match, Outcome, Question, QuestionKind, Stands, Struck, SurveyAct, SurveyForm,
        Voice,
    },
    id::{PersonId, PostId, RecordId, UnitId},
    office::UnitKind,
    task::Hand,
};
use jiff::civil::date;
use std::collections::BTreeSet;

fn text(words: &str) -> String {
    words.to_owned()
}

fn unit(id: &str) -> UnitId {
    UnitId::new(id).expect("a code")
}

fn survey(id: &str) -> RecordId {
    RecordId::new(id).expect("a code")
}

fn hand() -> Hand {
    Hand {
        person: PersonId::new("lin").expect("a code"),
        post: PostId::new("vice-head").expect("a code"),
        unit: unit("district"),
    }
}

/// With a question of every kind, and one that was left out for every reason.
fn form() -> (SurveyForm, Vec<Struck>) {
    let question = |words, answer, beside: Option<Match>| Question {
        text: text(words),
        answer,
        reason: if beside.is_some() { text("上次未分类型") } else { String::new() },
        beside,
    };
    let like = Match { stands: Stands::Asked { survey: survey("TB-2021-001"), n: 2 }, bars: false };
    let form = SurveyForm {
        title: text("秸秆禁烧准备情况"),
        reason: text("统筹安排巡查力量"),
        ground: text("安环委办〔2021〕9号"),
        organ: unit("office"),
        units: BTreeSet::from([unit("neighbour"), unit("town")]),
        due_on: date(2021, 6, 18),
        questions: vec![
            question("禁烧劝导队人数", QuestionKind::Number, None),
            question("夜间劝导队人数", QuestionKind::Text, Some(like)),
            question("宣传开始日期", QuestionKind::Date, None),
            question("设有堆放点", QuestionKind::YesNo, None),
        ],
    };
    let struck = |words, stands| Struck { text: text(words), because: Match { stands, bars: true } };
    let books = Stands::Books { name: text("overdue_tasks") };
    let answers = Stands::Answers { survey: survey("TB-2021-001"), n: 1 };
    let left_out = vec![
        struck("逾期任务数", books),
        struck("劝导队人数", answers),
        struck("劝导队的人数", Stands::Here { n: 1 }),
    ];
    (form, left_out)
}

/// One of each.
pub fn every() -> Vec<Act> {
    let (form, struck) = form();
    let surveys = [
        SurveyAct::Drafted { form: form.clone(), struck: struck.clone() },
        SurveyAct::Revised { form, struck },
        SurveyAct::Approved { expires_on: date(2021, 7, 2), by: hand() },
        SurveyAct::Returned { reason: text("任务台账里已有"), by: hand() },
        SurveyAct::Answered {
            unit: unit("town"),
            values: ["12", "夜间2人", "2021-05-20", "yes"].map(text).to_vec(),
        },
        SurveyAct::Closed { used: text("已据此调整巡查分组") },
        SurveyAct::Withdrawn { reason: text("改由部门数据共享取得") },
    ];
    let said = |voice| GrievanceAct::Said {
        page: text("/tasks/AL-2021-00001-1/report"),
        ill: Ill::AskedTwice,
        text: text("月报和周报内容一样"),
        voice,
        answer_by: date(2021, 6, 25),
    };
    let complaints = [
        said(Voice::Named { unit: unit("town") }),
        said(Voice::Unnamed { unit_kind: UnitKind::Town }),
        GrievanceAct::Answered { text: text("周报并入月报"), outcome: Outcome::Merged, by: hand() },
    ];
    surveys.into_iter().map(Act::from).chain(complaints.into_iter().map(Act::from)).collect()
}
