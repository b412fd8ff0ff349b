//! Settings (设置): the procedure for new sources, schemes and ladders of the district's own, years of the calendar, and saved views.

use crate::{
    act::SettingAct,
    adopted::{self, Adoptable, Texts},
    calendar::Calendar,
    ladder::Ladder,
    office::Role,
    ranking::Scheme,
    refusal::Refusal,
    ruleset::Ruleset,
    situation::Situation,
    task::Relation,
    text,
};
use std::collections::BTreeMap;

/// Longest query of a saved view, in characters.
pub const QUERY_CHARS_MAX: usize = 2_000;
/// Longest name of a saved view, in characters.
pub const VIEW_NAME_CHARS_MAX: usize = 40;

/// What is known already.
#[derive(Debug, Clone, Copy)]
pub struct Known<'k> {
    /// Procedures.
    pub rulesets: &'k BTreeMap<String, Ruleset>,
    /// Ranking schemes.
    pub schemes: &'k Texts<Scheme>,
    /// Ladders.
    pub ladders: &'k Texts<Ladder>,
}

/// Judges an order about a setting. Procedures and calendars belong to administrators, schemes and ladders to the office, which says who
/// decided them; saved views to their post.
///
/// # Errors
/// A [`Refusal`] naming whose step it is, or the value that cannot be used.
pub fn decide(situation: &Situation<'_>, known: Known<'_>, act: SettingAct) -> Result<SettingAct, Refusal> {
    let Known { rulesets, schemes, ladders } = known;
    Ok(match act {
        SettingAct::RulesetChosen { name } => {
            administrator(situation)?;
            if !rulesets.contains_key(&name) {
                return Err(Refusal::Unknown { field: "ruleset", value: name });
            }
            SettingAct::RulesetChosen { name }
        }
        SettingAct::RulesetAdopted { toml } => {
            administrator(situation)?;
            adoptable(rulesets, &toml)?;
            SettingAct::RulesetAdopted { toml }
        }
        SettingAct::SchemeAdopted { toml, ground } => {
            let ground = adopts(situation, schemes, &toml, &ground)?;
            SettingAct::SchemeAdopted { toml, ground }
        }
        SettingAct::LadderAdopted { toml, ground } => {
            let ground = adopts(situation, ladders, &toml, &ground)?;
            SettingAct::LadderAdopted { toml, ground }
        }
        SettingAct::SchemeChosen { name, ground } => {
            let ground = chooses(situation, schemes, &name, &ground)?;
            SettingAct::SchemeChosen { name, ground }
        }
        SettingAct::LadderChosen { name, ground } => {
            let ground = chooses(situation, ladders, &name, &ground)?;
            SettingAct::LadderChosen { name, ground }
        }
        SettingAct::CalendarYearSet { year, json } => {
            administrator(situation)?;
            if Calendar::year_of(&json) != Ok(year) {
                return Err(Refusal::Unknown { field: "year", value: year.to_string() });
            }
            SettingAct::CalendarYearSet { year, json }
        }
        SettingAct::ViewSaved { name, query, post } => {
            own(situation, &post)?;
            SettingAct::ViewSaved {
                name: text::required("name", &name, VIEW_NAME_CHARS_MAX)?,
                query: text::optional("query", &query, QUERY_CHARS_MAX)?,
                post,
            }
        }
        SettingAct::ViewDropped { name, post } => {
            own(situation, &post)?;
            SettingAct::ViewDropped { name: text::required("name", &name, VIEW_NAME_CHARS_MAX)?, post }
        }
    })
}

/// The office adopts what was decided elsewhere, and says where.
fn adopts<T: Adoptable>(
    situation: &Situation<'_>,
    texts: &Texts<T>,
    toml: &str,
    ground: &str,
) -> Result<String, Refusal> {
    situation.needs(&[Role::Registrar])?;
    texts.adoptable(toml, situation.today())?;
    text::required("ruleset_ground", ground, text::LINE_CHARS_MAX)
}

fn chooses<T: Adoptable>(
    situation: &Situation<'_>,
    texts: &Texts<T>,
    name: &str,
    ground: &str,
) -> Result<String, Refusal> {
    situation.needs(&[Role::Registrar])?;
    texts.choosable(name)?;
    text::required("ruleset_ground", ground, text::LINE_CHARS_MAX)
}

/// A name stands for one text for ever, so what runs under it can never be changed behind its back.
fn adoptable(rulesets: &BTreeMap<String, Ruleset>, toml: &str) -> Result<(), Refusal> {
    let own = Ruleset::read(toml)
        .map_err(|fault| Refusal::Unknown { field: "ruleset", value: fault.to_string() })?;
    if rulesets.contains_key(&own.name) {
        return Err(Refusal::Taken { field: "ruleset", value: own.name });
    }
    match own.based_on {
        Some(base) if !rulesets.contains_key(&base) => {
            Err(Refusal::Unknown { field: "based_on", value: base })
        }
        _ => Ok(()),
    }
}

/// The next name that no procedure bears: `sichuan-2021-2` after `sichuan-2021`.
#[must_use]
pub fn next_name(rulesets: &BTreeMap<String, Ruleset>, name: &str) -> String {
    adopted::next_name(name, |next| rulesets.contains_key(next))
}

fn administrator(situation: &Situation<'_>) -> Result<(), Refusal> {
    if situation.by.roles.contains(&Role::Administrator) {
        Ok(())
    } else {
        Err(Refusal::NotYours { role: Role::Administrator, relation: Relation::Anyone })
    }
}

fn own(situation: &Situation<'_>, post: &crate::id::PostId) -> Result<(), Refusal> {
    if &situation.by.post == post {
        Ok(())
    } else {
        Err(Refusal::Unknown { field: "post", value: post.to_string() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Actor, id, office::Level, office::Office, ruleset};
    use jiff::Timestamp;

    fn judged(role: Role, act: SettingAct) -> Result<SettingAct, Refusal> {
        let shipped = ruleset::shipped();
        let rulesets = shipped.iter().map(|ruleset| (ruleset.name.clone(), ruleset.clone())).collect();
        let by = Actor {
            person: id::PersonId::new("p-1").unwrap(),
            post: id::PostId::new("post-1").unwrap(),
            unit: id::UnitId::new("u-1").unwrap(),
            level: Level::County,
            roles: [role].into(),
        };
        let office = Office::default();
        let situation = Situation {
            by: &by,
            at: Timestamp::UNIX_EPOCH,
            ruleset: &shipped[0],
            calendar: Calendar::embedded(),
            office: &office,
            records: &crate::record::NONE,
        };
        let (schemes, ladders) = (Texts::default(), Texts::default());
        let known = Known { rulesets: &rulesets, schemes: &schemes, ladders: &ladders };
        decide(&situation, known, act)
    }

    #[test]
    fn only_an_administrator_chooses_a_procedure_and_only_a_known_one() {
        let chosen = |name: &str| SettingAct::RulesetChosen { name: name.to_owned() };
        assert!(judged(Role::Administrator, chosen("generic")).is_ok());
        assert!(matches!(judged(Role::Registrar, chosen("generic")), Err(Refusal::NotYours { .. })));
        assert!(matches!(
            judged(Role::Administrator, chosen("elsewhere")),
            Err(Refusal::Unknown { field: "ruleset", .. })
        ));
    }

    #[test]
    fn a_name_is_adopted_once_and_stands_for_one_text() {
        let text = ruleset::shipped_text("generic").unwrap();
        let named = |name: &str, base: &str| SettingAct::RulesetAdopted {
            toml: text.replacen(
                "name = \"generic\"",
                &format!("name = \"{name}\"\nbased_on = \"{base}\""),
                1,
            ),
        };
        assert!(judged(Role::Administrator, named("generic-2", "generic")).is_ok());
        assert!(matches!(
            judged(Role::Registrar, named("generic-2", "generic")),
            Err(Refusal::NotYours { .. })
        ));
        assert_eq!(
            judged(Role::Administrator, SettingAct::RulesetAdopted { toml: text.to_owned() }),
            Err(Refusal::Taken { field: "ruleset", value: "generic".to_owned() })
        );
        assert_eq!(
            judged(Role::Administrator, named("own", "elsewhere")),
            Err(Refusal::Unknown { field: "based_on", value: "elsewhere".to_owned() })
        );
    }

    #[test]
    fn the_next_name_counts_on_and_leaves_years_alone() {
        let known: BTreeMap<_, _> = ruleset::shipped()
            .into_iter()
            .flat_map(|each| [(each.name.clone(), each.clone()), (format!("{}-2", each.name), each)])
            .collect();
        assert_eq!(next_name(&known, "sichuan-2021"), "sichuan-2021-3");
        assert_eq!(next_name(&known, "generic-2"), "generic-3");
        assert_eq!(next_name(&BTreeMap::new(), "own"), "own-2");
    }

    #[test]
    fn a_year_must_be_whole_and_its_own() {
        let days: Vec<_> = (1..=3)
            .map(|day| serde_json::json!({ "name": "元旦", "date": format!("2027-01-0{day}"), "isOffDay": true }))
            .collect();
        let json = serde_json::json!({ "year": 2027, "days": days }).to_string();
        let set = |year| SettingAct::CalendarYearSet { year, json: json.clone() };
        assert!(judged(Role::Administrator, set(2027)).is_ok());
        assert!(judged(Role::Administrator, set(2028)).is_err());
        assert!(judged(Role::Auditor, set(2027)).is_err());
    }

    #[test]
    fn the_office_chooses_a_scheme_and_says_who_decided_it() {
        let chosen = |name: &str, ground: &str| SettingAct::SchemeChosen {
            name: name.to_owned(),
            ground: ground.to_owned(),
        };
        let decided = "第3次会议";
        assert!(judged(Role::Registrar, chosen("anyang-2022", decided)).is_ok());
        assert!(judged(Role::Administrator, chosen("anyang-2022", decided)).is_err());
        assert_eq!(
            judged(Role::Registrar, chosen("anyang-2022", " ")),
            Err(Refusal::Missing { field: "ruleset_ground" })
        );
        let unknown = judged(Role::Registrar, chosen("elsewhere", decided));
        assert_eq!(unknown, Err(Refusal::Unknown { field: "scheme", value: "elsewhere".to_owned() }));
    }

    #[test]
    fn a_view_belongs_to_its_post() {
        let saved = |post: &str, name: &str| SettingAct::ViewSaved {
            name: name.to_owned(),
            query: "open=yes".to_owned(),
            post: id::PostId::new(post).unwrap(),
        };
        assert!(judged(Role::Responsible, saved("post-1", "本月到期")).is_ok());
        assert!(judged(Role::Responsible, saved("post-2", "本月到期")).is_err());
        assert!(matches!(
            judged(Role::Responsible, saved("post-1", " ")),
            Err(Refusal::Missing { field: "name" })
        ));
    }
}
