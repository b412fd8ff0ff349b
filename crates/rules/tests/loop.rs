//! The loop (闭环) in sentences: one test for each guard of each verb.

#[expect(dead_code, reason = "the walk needs parts of the office that these sentences do not")]
mod support;

use bihuan_rules::{office::Level, task::*};
use support::Story;

#[test]
fn under_every_procedure_and_from_every_level_a_task_reaches_the_end() {
    for ruleset in bihuan_rules::ruleset::shipped() {
        for level in Level::ALL {
            let mut story = Story::given(&ruleset.name, level);
            story.until_closed().then(State::Closed);
        }
    }
}
