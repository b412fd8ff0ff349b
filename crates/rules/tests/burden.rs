//! Burden: every act is a form or said not to be, known values are found however they are asked for, surveys go their way, and a complaint
//! without a name holds none.

#![expect(clippy::unwrap_used, reason = "helpers outside the test functions unwrap as well")]

#[expect(dead_code, reason = "surveys need the office, but no story")]
mod support;

use bihuan_rules::{
    Actor, Refusal,
    burden::{
        Former, GrievanceAct, GrievanceOrder, Ill, Match, Outcome, Question, QuestionKind, Stands, Survey,
        SurveyAct, SurveyForm, SurveyOrder, Voice, catalogue, decide_grievance, decide_survey,
        former_questions, is_listed, judge,
    },
    id::{PersonId, PostId, RecordId},
    office::{Level, UnitKind},
    record::{Kind, Record},
    task::Stamp,
};
use jiff::civil::Date;
use std::collections::BTreeSet;
use support::*;

const TODAY: &str = "2021-06-11";

fn question(text: &str) -> Question {
    let text = text.to_owned();
    Question { text, answer: QuestionKind::Number, reason: String::new(), beside: None }
}

fn form(questions: &[&str]) -> SurveyForm {
    SurveyForm {
        title: "秸秆禁烧准备情况".to_owned(),
        reason: "统筹安排巡查力量".to_owned(),
        ground: "安环委办〔2021〕9号".to_owned(),
        organ: unit("eco-office"),
        units: BTreeSet::from([unit("town"), unit("neighbour")]),
        due_on: day("2021-06-25"),
        questions: questions.iter().map(|text| question(text)).collect(),
    }
}

fn draft(questions: &[&str], former: &[Former], strikes: bool) -> SurveyOrder {
    SurveyOrder::Draft { form: Box::new(form(questions)), former: former.to_vec(), strikes }
}

/// A survey that goes its way.
struct Way {
    district: District,
    today: Date,
    survey: Option<Survey>,
}

impl Way {
    fn new() -> Way {
        Way { district: District::new(), today: day(TODAY), survey: None }
    }

    fn tries(&self, post: &str, order: SurveyOrder) -> Result<SurveyAct, Refusal> {
        let ruleset = self.district.ruleset("generic");
        let situation = self.district.situation(self.district.actor(post), self.today, ruleset);
        decide_survey(&situation, self.survey.as_ref(), order)
    }

    fn does(&mut self, post: &str, order: SurveyOrder) -> &mut Way {
        let act = self.tries(post, order).unwrap();
        let actor = self.district.actor(post);
        let stamp = Stamp { on: self.today, person: actor.person.clone(), post: actor.post.clone() };
        let id = RecordId::new("TB-2021-001").unwrap();
        self.survey = Survey::step(self.survey.take(), &id, &stamp, &act);
        self
    }
}

#[test]
fn every_act_that_was_ever_shipped_is_a_form_or_said_not_to_be() {
    let golden = include_str!("golden/acts.jsonl");
    for line in golden.lines() {
        let act: serde_json::Value = serde_json::from_str(line).unwrap();
        let name = act["kind"].as_str().unwrap();
        assert!(
            is_listed(name),
            "{name} is neither a form nor among the others of rulesets/burden/forms.toml"
        );
    }
}

#[test]
fn a_known_value_is_found_however_it_is_asked_for() {
    let planted = [
        "截至目前本镇未完成整改任务数量",
        "请填报在办环境问题个数（个）",
        "尚未完成的整改任务有多少",
        "任务总数",
        "本单位问题台账",
        "逾期未完成问题数",
        "目前超期任务有多少个",
        "2021年6月逾期任务数",
        "临期任务数量",
        "整改完成时限",
        "各任务计划完成时间",
        "问题整改期限",
        "责任领导",
        "整改责任人姓名",
        "任务牵头单位名称",
        "包保领导姓名",
        "包保领导到现场次数",
        "已销号问题数",
        "累计完成销号问题个数",
        "问题销号时间",
        "整改完成率（%）",
        "问题整改率",
        "待核查任务数",
        "被退回次数",
        "反弹问题数量",
        "回头看情况",
        "申请延期问题数",
        "整改进度情况",
        "问题整改措施",
        "整改前后对比照片",
        "问题来源",
        "公示起止日期",
        "镇级河长姓名",
        "河长联系电话",
        "本月巡河次数",
        "河道巡查次数（次）",
        "巡河发现的问题数量",
        "本月考核排名情况",
        "被约谈情况",
        "环委会会议次数",
    ];
    let found = |text: &&&str| {
        let asked = [question(text)];
        let units = BTreeSet::from([unit("town")]);
        judge(catalogue(), &asked, 0, &units, &[], day(TODAY)).is_some_and(|found| found.bars)
    };
    let missed: Vec<_> = planted.iter().filter(|text| !found(text)).collect();
    assert!(planted.len() == 40 && missed.len() <= 2, "{missed:?}");
    let clear = [
        "禁烧劝导队人数",
        "秸秆打捆机台数",
        "夏季用水高峰时段",
        "农贸市场油烟净化器是否清洗",
        "散养户生猪存栏数",
        "河边洗车点有几处",
        "垃圾中转站日处理能力",
        "夜间施工投诉电话数",
        "饮用水水源地围网长度",
        "应急物资库面积",
        "餐饮店油烟整治户数",
        "旱厕改造户数",
        "禁养区内养殖户名单",
        "雨污分流管网缺口公里数",
        "露天烧烤摊点数",
        "农药包装物回收量",
        "建筑工地扬尘在线设备台数",
        "加油站油气回收是否正常",
        "医疗废物暂存间是否上锁",
        "村民对环境的满意度",
    ];
    let refused: Vec<_> = clear.iter().filter(found).collect();
    assert!(refused.is_empty(), "nothing else is refused: {refused:?}");
}

#[test]
fn a_question_whose_answer_is_known_is_refused_with_the_place_where_it_stands() {
    let mut way = Way::new();
    let asked = ["禁烧劝导队人数", "目前超期任务有多少个"];
    let refused = way.tries("registrar", draft(&asked, &[], false));
    let stands = Stands::Books { name: "overdue_tasks".to_owned() };
    let question = "目前超期任务有多少个".to_owned();
    assert_eq!(refused, Err(Refusal::KnownAlready { question, stands }));
    assert!(catalogue().value("overdue_tasks").unwrap().address.starts_with("/tasks"));
    way.does("registrar", draft(&asked, &[], true));
    let survey = way.survey.unwrap();
    assert_eq!(survey.form.questions.len(), 1, "it goes on without it");
    assert_eq!(survey.struck.len(), 1, "and says that it was left out");
    let nothing = Way::new().tries("registrar", draft(&asked[1..], &[], true));
    assert_eq!(nothing, Err(Refusal::Missing { field: "survey_questions" }));
}

#[test]
fn a_question_that_is_only_like_a_known_one_needs_a_reason() {
    let way = Way::new();
    let asked = draft(&["逾期任务中因汛期停工的"], &[], false);
    assert_eq!(way.tries("registrar", asked), Err(Refusal::Missing { field: "survey_why" }));
    let mut with_reason = form(&["逾期任务中因汛期停工的"]);
    with_reason.questions[0].reason = "账本没有停工原因".to_owned();
    let order = SurveyOrder::Draft { form: Box::new(with_reason), former: Vec::new(), strikes: false };
    let SurveyAct::Drafted { form, .. } = way.tries("registrar", order).unwrap() else { panic!() };
    let stands = Stands::Books { name: "overdue_tasks".to_owned() };
    assert_eq!(form.questions[0].beside, Some(Match { stands, bars: false }), "whoever approves sees both");
}

#[test]
fn a_survey_is_approved_by_somebody_else_answered_and_over_on_a_day() {
    let mut way = Way::new();
    assert!(way.tries("town", draft(&["禁烧劝导队人数"], &[], false)).is_err(), "a town asks nobody");
    way.does("registrar", draft(&["禁烧劝导队人数"], &[], false));
    assert!(way.tries("registrar", SurveyOrder::Approve).is_err(), "the office does not approve");
    let early = way.tries("town", SurveyOrder::Answer(vec!["12".to_owned()]));
    assert_eq!(early, Err(Refusal::NotOpen { kind: Kind::Survey, state: "drafted" }));
    let mut own = Way::new();
    own.does("committee", draft(&["禁烧劝导队人数"], &[], false));
    assert_eq!(own.tries("committee", SurveyOrder::Approve), Err(Refusal::AuthorDecides));

    way.does("committee", SurveyOrder::Approve);
    assert!(way.survey.as_ref().unwrap().is_owed_by(&unit("town"), way.today));
    assert!(way.tries("second", SurveyOrder::Answer(vec!["1".to_owned()])).is_err(), "it was not asked");
    let words = way.tries("town", SurveyOrder::Answer(vec!["十二".to_owned()]));
    assert_eq!(words, Err(Refusal::Unknown { field: "survey_values", value: "十二".to_owned() }));
    way.does("town", SurveyOrder::Answer(vec!["12".to_owned()]));
    let survey = way.survey.as_ref().unwrap();
    assert!(!survey.is_owed_by(&unit("town"), way.today) && survey.is_owed_by(&unit("neighbour"), way.today));
    let expires_on = survey.expires_on.unwrap();
    assert_eq!(expires_on, day("2021-07-09"), "ten working days after the due day");

    way.today = expires_on.tomorrow().unwrap();
    assert!(
        !way.survey.as_ref().unwrap().is_owed_by(&unit("neighbour"), way.today),
        "nothing is owed any more"
    );
    let late = way.tries("neighbour", SurveyOrder::Answer(vec!["3".to_owned()]));
    assert_eq!(late, Err(Refusal::TooLate { until: expires_on }));
    let silent = way.tries("registrar", SurveyOrder::Close(String::new()));
    assert_eq!(silent, Err(Refusal::Missing { field: "survey_used" }), "it says what the answers were for");
    way.does("registrar", SurveyOrder::Close("已调整巡查分组".to_owned()));
}

#[test]
fn what_was_answered_is_known_and_what_was_asked_is_shown() {
    let mut way = Way::new();
    way.does("registrar", draft(&["禁烧劝导队人数"], &[], false)).does("committee", SurveyOrder::Approve);
    let former = |way: &Way| former_questions(&way.survey, catalogue().recent_days, way.today);
    let again = |way: &Way, units: &[&str], today: &str| {
        let asked = [question("目前禁烧劝导队的人数")];
        judge(catalogue(), &asked, 0, &units.iter().map(|id| unit(id)).collect(), &former(way), day(today))
    };
    let id = RecordId::new("TB-2021-001").unwrap();
    let asked = Some(Match { stands: Stands::Asked { survey: id.clone(), n: 1 }, bars: false });
    let answered = Some(Match { stands: Stands::Answers { survey: id, n: 1 }, bars: true });
    assert_eq!(again(&way, &["town"], TODAY), asked, "it is open, nobody has answered");
    assert_eq!(again(&way, &["second"], TODAY), None, "others were never asked");
    way.does("town", SurveyOrder::Answer(vec!["12".to_owned()]));
    assert_eq!(again(&way, &["town"], TODAY), answered, "it is known now");
    assert_eq!(again(&way, &["town", "neighbour"], TODAY), asked, "not of everybody");
    assert_eq!(again(&way, &["town"], "2021-12-31"), asked, "answers grow old");
}

#[test]
fn a_complaint_without_a_name_holds_none_and_nobody_answers_their_own() {
    let district = District::new();
    let situation = |by| district.situation(by, day(TODAY), district.ruleset("generic"));
    let say = |unnamed| GrievanceOrder::Say {
        page: "/tasks".to_owned(),
        ill: Ill::AskedTwice,
        text: "月报和周报内容一样".to_owned(),
        unnamed,
    };
    let town = district.actor("town");
    let named = decide_grievance(&situation(town), None, say(Some(UnitKind::Town)));
    assert!(named.is_err(), "an entry that names the post is not without a name");
    let nobody = Actor {
        person: PersonId::new("nobody").unwrap(),
        post: PostId::new("nobody").unwrap(),
        unit: unit("nobody"),
        level: Level::County,
        roles: BTreeSet::new(),
    };
    let said = decide_grievance(&situation(&nobody), None, say(Some(UnitKind::Town))).unwrap();
    let GrievanceAct::Said { voice, answer_by, .. } = &said else { panic!() };
    assert_eq!(*voice, Voice::Unnamed { unit_kind: UnitKind::Town });
    assert_eq!(*answer_by, day("2021-06-28"), "ten working days, the dragon boat festival left out");

    let own = decide_grievance(&situation(district.actor("registrar")), None, say(None)).unwrap();
    let registrar = district.actor("registrar");
    let stamp = Stamp { on: day(TODAY), person: registrar.person.clone(), post: registrar.post.clone() };
    let id = RecordId::new("JF-2021-001").unwrap();
    let own = bihuan_rules::burden::Grievance::step(None, &id, &stamp, &own).unwrap();
    let theirs = bihuan_rules::burden::Grievance::step(None, &id, &stamp, &said).unwrap();
    let answer = |outcome| GrievanceOrder::Answer { text: "周报并入月报".to_owned(), outcome };
    let office = situation(registrar);
    assert_eq!(decide_grievance(&office, Some(&own), answer(Outcome::Merged)), Err(Refusal::AuthorDecides));
    assert!(decide_grievance(&office, Some(&theirs), answer(Outcome::Merged)).is_ok());
    assert!(decide_grievance(&office, Some(&theirs), answer(Outcome::Kept)).is_err(), "that is the leaders'");
    let committee = situation(district.actor("committee"));
    assert!(decide_grievance(&committee, Some(&theirs), answer(Outcome::Kept)).is_ok());
    assert!(decide_grievance(&situation(town), Some(&theirs), answer(Outcome::Merged)).is_err());
}
