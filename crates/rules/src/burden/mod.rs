//! Burden (减负): how much paper is asked of whom, what need not be asked because the house knows it, and a box for complaints.
//!
//! Only forms, fields, characters, photos and what was asked can be counted: there is no name for a person, a sign-in or time spent in
//! [`Figure`] or [`Handed`], so nothing here can take them in.

mod forms;
mod grievance;
mod known;
mod month;
mod survey;
mod survey_decide;

pub use forms::{FormsFlaw, Weight, counted, is_listed, weigh};
pub use grievance::{
    Grievance, GrievanceAct, GrievanceAnswer, GrievanceOrder, Ill, Outcome, Voice, decide as decide_grievance,
};
pub use known::{Catalogue, CatalogueFlaw, Former, KnownValue, Match, Stands, catalogue, judge};
pub use month::{Asked, AskedAs, Figure, Handed, MonthOf, Spared};
pub use survey::{
    Question, QuestionKind, Reply, Struck, Survey, SurveyAct, SurveyForm, SurveyState, former_questions,
};
pub use survey_decide::{QUESTIONS_MAX, SurveyOrder, decide as decide_survey};
