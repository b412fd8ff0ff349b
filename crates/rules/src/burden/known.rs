//! What is known already (已知数据): a catalogue as data, and the comparison of a new question with it and with questions asked before.
//!
//! Two questions are the same when nothing but set phrases and the order of words tells them apart. Only sameness refuses; likeness is
//! shown and a person decides.

use super::survey::{Question, Survey};
use crate::id::{RecordId, UnitId};
use jiff::{Span, civil::Date};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

/// Shortest core by which a longer question is found to hold a known value, in characters.
const CORE_CHARS_MIN: usize = 3;

/// A value that the house knows, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownValue {
    /// Its name.
    pub name: String,
    /// In Chinese.
    pub title_zh: String,
    /// In English.
    pub title_en: String,
    /// The page where it stands.
    pub address: String,
    /// How people ask for it.
    pub wordings: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Synonym {
    to: String,
    words: Vec<String>,
}

/// The catalogue (已知数据目录).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    /// Why nobody may ask twice.
    pub sources: Vec<String>,
    /// Working days in which a complaint is answered.
    pub answer_days: u32,
    /// Working days after the due day on which a survey lapses.
    pub expire_days: u32,
    /// Days for which an answer stands for the value.
    pub fresh_days: u32,
    /// Days that one looks back for questions asked before.
    pub recent_days: u32,
    /// From which share of equal neighbours two questions are alike, in thousandths.
    pub alike_permille: u32,
    filler: Vec<String>,
    #[serde(rename = "synonym")]
    synonyms: Vec<Synonym>,
    /// The values.
    #[serde(rename = "known")]
    pub values: Vec<KnownValue>,
}

/// What is wrong with a catalogue.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CatalogueFlaw {
    /// It is no catalogue at all.
    #[error("not readable as a catalogue: {0}")]
    Unreadable(String),
    /// Two values share a name, or ask in the same words.
    #[error("{one} and {other} cannot be told apart")]
    Twice {
        /// One of them.
        one: String,
        /// The other.
        other: String,
    },
    /// A wording of which nothing is left without set phrases.
    #[error("{name}: “{wording}” says nothing")]
    Empty {
        /// The value.
        name: String,
        /// The wording.
        wording: String,
    },
}

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
    let shipped = include_str!("../../../../rulesets/burden/known.toml");
    Catalogue::read(shipped).expect("the shipped catalogue is read by a test")
});

/// The shipped catalogue.
#[must_use]
pub fn catalogue() -> &'static Catalogue {
    &CATALOGUE
}

impl Catalogue {
    /// Reads a catalogue and looks it through.
    ///
    /// # Errors
    /// A [`CatalogueFlaw`] that names the values.
    pub fn read(toml: &str) -> Result<Catalogue, CatalogueFlaw> {
        let mut catalogue: Catalogue =
            toml::from_str(toml).map_err(|error| CatalogueFlaw::Unreadable(error.to_string()))?;
        let longest_first = |a: &String, b: &String| b.chars().count().cmp(&a.chars().count()).then(a.cmp(b));
        catalogue.filler.sort_by(longest_first);
        let mut seen: BTreeMap<String, &str> = BTreeMap::new();
        for value in &catalogue.values {
            for wording in &value.wordings {
                let core = catalogue.core(wording);
                if core.is_empty() {
                    return Err(CatalogueFlaw::Empty { name: value.name.clone(), wording: wording.clone() });
                }
                let other = seen.insert(sorted(&core), &value.name).filter(|other| *other != value.name);
                if let Some(other) = other {
                    return Err(CatalogueFlaw::Twice { one: other.to_owned(), other: value.name.clone() });
                }
            }
        }
        Ok(catalogue)
    }

    /// The value of this name.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&KnownValue> {
        self.values.iter().find(|value| value.name == name)
    }

    /// What is asked, without set phrases, digits and marks, in one word for the same thing.
    fn core(&self, text: &str) -> String {
        let letters = text.chars().filter(|c| c.is_alphabetic());
        let mut core: String = letters.flat_map(char::to_lowercase).collect();
        let mut words: Vec<(&str, &str)> = self
            .synonyms
            .iter()
            .flat_map(|known| known.words.iter().map(|word| (word.as_str(), known.to.as_str())))
            .collect();
        words.sort_by(|a, b| b.0.chars().count().cmp(&a.0.chars().count()).then(a.cmp(b)));
        for (word, to) in words {
            core = core.replace(word, to);
        }
        for filler in &self.filler {
            core = core.replace(filler.as_str(), "");
        }
        core
    }

    /// The known value that a question asks for, and whether it asks for nothing else.
    fn find(&self, core: &str) -> Option<(&KnownValue, bool)> {
        let letters = sorted(core);
        let cores = |value: &KnownValue| -> Vec<String> {
            let wordings = value.wordings.iter().chain([&value.title_zh]);
            wordings.map(|wording| self.core(wording)).collect()
        };
        let same = self.values.iter().find(|value| {
            let mut own = cores(value).into_iter().take(value.wordings.len());
            own.any(|own| sorted(&own) == letters)
        });
        if let Some(value) = same {
            return Some((value, true));
        }
        let holds = |value: &KnownValue| {
            let held = cores(value).into_iter().filter(|own| core.contains(own.as_str()));
            held.map(|own| own.chars().count()).filter(|chars| *chars >= CORE_CHARS_MIN).max()
        };
        let held = self.values.iter().filter_map(|value| Some((holds(value)?, value)));
        held.max_by_key(|(chars, _)| *chars).map(|(_, value)| (value, false))
    }
}

fn sorted(core: &str) -> String {
    let mut letters: Vec<char> = core.chars().collect();
    letters.sort_unstable();
    letters.into_iter().collect()
}

/// How much two cores have in common, in thousandths of their neighbouring pairs of characters.
fn alike_permille(one: &str, other: &str) -> u32 {
    let pairs = |core: &str| {
        let letters: Vec<char> = core.chars().collect();
        let pairs: Vec<(char, char)> = letters.windows(2).map(|pair| (pair[0], pair[1])).collect();
        pairs
    };
    let (one, mut other) = (pairs(one), pairs(other));
    let total = one.len() + other.len();
    if total == 0 {
        return 0;
    }
    let mut common = 0_usize;
    for pair in one {
        if let Some(place) = other.iter().position(|known| *known == pair) {
            other.swap_remove(place);
            common += 1;
        }
    }
    u32::try_from(2_000 * common / total).unwrap_or(u32::MAX)
}

/// Where a value stands, or was asked before.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "in", rename_all = "snake_case")]
pub enum Stands {
    /// In the books, under a name of the catalogue.
    Books {
        /// The name.
        name: String,
    },
    /// In the answers to an earlier survey.
    Answers {
        /// The survey.
        survey: RecordId,
        /// The question, from 1.
        n: u32,
    },
    /// Asked in another survey, and not answered by everybody who is asked now.
    Asked {
        /// The survey.
        survey: RecordId,
        /// The question, from 1.
        n: u32,
    },
    /// In the same form, further up.
    Here {
        /// The question, from 1.
        n: u32,
    },
}

/// What a question meets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Match {
    /// Where.
    pub stands: Stands,
    /// It is the same question and the value is there: it must not be asked.
    pub bars: bool,
}

/// A question that was asked before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Former {
    /// In which survey.
    pub survey: RecordId,
    /// The question, from 1.
    pub n: u32,
    /// Its words.
    pub text: String,
    /// The units asked.
    pub units: BTreeSet<UnitId>,
    /// Who answered when.
    pub answered: BTreeMap<UnitId, Date>,
}

/// What the n-th question of a form meets, the gravest: a known value, fresh answers of everybody who is asked, the same form, an open
/// or recent survey.
#[must_use]
pub fn judge(
    catalogue: &Catalogue,
    questions: &[Question],
    n: usize,
    units: &BTreeSet<UnitId>,
    former: &[Former],
    today: Date,
) -> Option<Match> {
    let text = &questions.get(n)?.text;
    let core = catalogue.core(text);
    // Of a question in nothing but set phrases, the whole is the core.
    let core = if core.is_empty() { text.clone() } else { core };
    let known = catalogue.find(&core);
    if let Some((value, true)) = known {
        return Some(Match { stands: Stands::Books { name: value.name.clone() }, bars: true });
    }
    let is_same = |other: &str| sorted(&catalogue.core(other)) == sorted(&core);
    let above = questions[..n].iter().position(|question| is_same(&question.text));
    if let Some(above) = above {
        let n = u32::try_from(above + 1).unwrap_or(u32::MAX);
        return Some(Match { stands: Stands::Here { n }, bars: true });
    }
    let since = today.saturating_sub(Span::new().days(i64::from(catalogue.fresh_days)));
    let is_answered =
        |former: &Former| units.iter().all(|unit| former.answered.get(unit).is_some_and(|on| *on >= since));
    let fresh = former.iter().find(|former| is_same(&former.text) && is_answered(former));
    if let Some(fresh) = fresh {
        let stands = Stands::Answers { survey: fresh.survey.clone(), n: fresh.n };
        return Some(Match { stands, bars: true });
    }
    let overlaps = |former: &&Former| former.units.iter().any(|unit| units.contains(unit));
    let is_alike = |former: &&Former| {
        is_same(&former.text)
            || alike_permille(&core, &catalogue.core(&former.text)) >= catalogue.alike_permille
    };
    if let Some(asked) = former.iter().filter(overlaps).find(is_alike) {
        let stands = Stands::Asked { survey: asked.survey.clone(), n: asked.n };
        return Some(Match { stands, bars: false });
    }
    known.map(|(value, _)| Match { stands: Stands::Books { name: value.name.clone() }, bars: false })
}

impl Survey {
    /// Its questions, for comparison with new ones; none when it was never sent or was taken back.
    pub(super) fn former(&self) -> Vec<Former> {
        let answered: BTreeMap<UnitId, Date> =
            self.replies.iter().map(|reply| (reply.unit.clone(), reply.on)).collect();
        let former = |(n, question): (usize, &Question)| Former {
            survey: self.id.clone(),
            n: u32::try_from(n + 1).unwrap_or(u32::MAX),
            text: question.text.clone(),
            units: self.form.units.clone(),
            answered: answered.clone(),
        };
        self.form.questions.iter().enumerate().map(former).collect()
    }
}
