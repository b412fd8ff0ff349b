//! Looking through a paper before it goes out (公文体检): who may command whom, length, forbidden demands, figures,
//! attachments and format. Every flag names its rule and what the rule rests on. A flag is advice; people decide.

mod demands;
mod figures;
mod format;
mod rules;

pub use rules::Basis;

use super::OfficialPaper;

/// What kind of body issues a paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Issuer {
    /// A Party committee or its office.
    Party,
    /// A people's government or its office.
    Government,
    /// A coordinating body (议事协调机构), such as a committee for environmental protection, or its office.
    Coordinating,
    /// A department or another unit.
    Department,
}

impl Issuer {
    /// The kind that the name of an issuer tells; a department where it tells nothing.
    #[must_use]
    pub fn named(name: &str) -> Self {
        let any = |words: &[&str]| words.iter().any(|word| name.contains(word));
        if any(&[
            "领导小组",
            "指挥部",
            "环委会",
            "环境保护委员会",
            "总河长",
            "河长制",
            "联席会议",
            "专班",
            "环委办",
            "整改办",
        ]) {
            Self::Coordinating
        } else if any(&["党委", "党工委", "区委", "市委", "县委", "省委", "中共"]) {
            Self::Party
        } else if any(&["人民政府", "政府办公室"]) {
            Self::Government
        } else {
            Self::Department
        }
    }
}

/// What the records know about a paper.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// What kind of body issues it; by its name when not given.
    pub issuer: Option<Issuer>,
    /// Whether it is about one special matter (专项工作), which may have 4,000 characters instead of 5,000.
    pub is_special_work: bool,
    /// Figures of the records beside those in the text: what is counted, and the value as digits.
    pub records: Vec<(String, String)>,
}

/// Where something stands in a paper.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// Marks, number, secrecy.
    Head,
    /// The title.
    Title,
    /// To whom it goes.
    Addressees,
    /// A block of the text, from 1, with the words.
    Body {
        /// Number of the block.
        block: usize,
        /// The words in question.
        words: String,
    },
    /// An attachment, from 1; 0 for all of them.
    Attachment(usize),
    /// Issuer, date, imprint.
    Foot,
}

/// Something to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flag {
    /// The rule, such as `too_long`; stable.
    pub rule: String,
    /// Where.
    pub place: Place,
    /// What is wrong, in Chinese.
    pub message_zh: String,
    /// What is wrong, in English.
    pub message_en: String,
    /// What the rule rests on.
    pub basis: Basis,
}

/// Looks through a paper. Flags come in the order of the paper, each finding once.
#[must_use]
pub fn lint(paper: &OfficialPaper, facts: &Facts) -> Vec<Flag> {
    let mut flags = Vec::new();
    let issuer = facts.issuer.unwrap_or_else(|| Issuer::named(&issuer_name(paper)));
    format::look(paper, facts, &mut flags);
    demands::look(paper, issuer, &mut flags);
    figures::look(paper, facts, &mut flags);
    flags.sort_by(|a, b| a.place.cmp(&b.place).then_with(|| a.rule.cmp(&b.rule)));
    flags.dedup();
    flags
}

/// The issuer, or else the mark.
fn issuer_name(paper: &OfficialPaper) -> String {
    let names = if paper.issuers.is_empty() { &paper.organ_marks } else { &paper.issuers };
    names.join("，")
}

/// Blocks of the text with their number and words; headings without their own number.
fn blocks(paper: &OfficialPaper) -> impl Iterator<Item = (usize, String)> {
    (1..).zip(&paper.body).filter_map(|(block, body)| {
        let text: String = body.texts().map(super::Text::plain).collect();
        (!text.is_empty()).then_some((block, text))
    })
}

/// Notes a finding.
fn flag(flags: &mut Vec<Flag>, rule: &str, place: Place, zh: String, en: String) {
    flags.push(Flag {
        rule: rule.to_owned(),
        place,
        message_zh: zh,
        message_en: en,
        basis: rules::basis(rule),
    });
}

/// A piece of a text around a finding, for people: the finding and a little before and after it.
fn excerpt(text: &str, at: std::ops::Range<usize>) -> String {
    let before: Vec<char> = text[..at.start].chars().rev().take(6).collect();
    let after = text[at.end..].chars().take(6);
    before.into_iter().rev().chain(text[at.clone()].chars()).chain(after).collect()
}
