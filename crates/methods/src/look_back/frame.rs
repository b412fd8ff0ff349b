//! The frame (抽样框): what may be drawn, with which weight and why, what is left out and why. Frozen by its digest.

use super::DrawError;
use crate::digest::Digest;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// A factor of a risk weight, such as severity 3 (严重程度).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Factor {
    /// What it stands for.
    pub what: String,
    /// By how much it multiplies, at least 1.
    pub times: u32,
}

/// A closed problem that may be drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unit {
    /// Its number.
    pub id: String,
    /// Its risk weight, a whole number from 1; when left out, the product of the factors, or 1 without any.
    #[serde(default)]
    pub weight: Option<u32>,
    /// The group for which a rate of its own is wanted (领域), or empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub field: String,
    /// Why it weighs so much.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub factors: Vec<Factor>,
}

/// A problem that the draw does not touch: left out, or named by a leader (purposive, always looked at, never in the rate).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetApart {
    /// Its number.
    pub id: String,
    /// Why, in words.
    pub reason: String,
}

/// Everything that is fixed before the seed is known.
///
/// As JSON: `{"title": …, "draw": 4, "reserves": 2, "units": [{"id": "P-001", "weight": 3}, …], "excluded": [{"id": …,
/// "reason": …}], "purposive": […]}`; all but `draw` and `units` may be left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Frame {
    /// What the draw is for; one line.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// How many units are drawn, certainties included.
    pub draw: u32,
    /// How many reserves are drawn behind them, in order.
    #[serde(default)]
    pub reserves: u32,
    /// What may be drawn.
    pub units: Vec<Unit>,
    /// What may not, with the reason.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excluded: Vec<SetApart>,
    /// What is looked at anyway, with the reason: a stratum of its own, no part of any estimate.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub purposive: Vec<SetApart>,
}

impl Unit {
    /// The risk weight w: what stands there, or else the product of the factors.
    ///
    /// # Errors
    /// [`DrawError::Weight`] below 1 or beyond 32 bits, [`DrawError::Factors`] when the two contradict each other.
    pub fn weight(&self) -> Result<u32, DrawError> {
        let refused = || DrawError::Weight { id: self.id.clone() };
        let product = self
            .factors
            .iter()
            .try_fold(1_u64, |product, factor| product.checked_mul(u64::from(factor.times)))
            .ok_or_else(refused)?;
        let weight = match self.weight {
            Some(weight) if !self.factors.is_empty() && u64::from(weight) != product => {
                return Err(DrawError::Factors { id: self.id.clone(), product, weight: u64::from(weight) });
            }
            Some(weight) => weight,
            None => u32::try_from(product).map_err(|_| refused())?,
        };
        if weight == 0 { Err(refused()) } else { Ok(weight) }
    }
}

impl Frame {
    /// Looks whether the frame can be frozen.
    ///
    /// # Errors
    /// The first [`DrawError`] found.
    pub fn check(&self) -> Result<(), DrawError> {
        let one_line = |text: &str, may_be_empty: bool, place: &dyn Fn() -> String| {
            if (text.is_empty() && !may_be_empty) || text.contains(['\t', '\n', '\r']) {
                return Err(DrawError::BadText { place: place() });
            }
            Ok(())
        };
        one_line(&self.title, true, &|| "title".to_owned())?;
        let mut seen = BTreeSet::new();
        let mut total = 0_u64;
        for (at, unit) in (1..).zip(&self.units) {
            one_line(&unit.id, false, &|| format!("unit {at}, id"))?;
            one_line(&unit.field, true, &|| format!("unit {at}, field"))?;
            for factor in &unit.factors {
                let place = || format!("unit {at}, factor");
                one_line(&factor.what, false, &place)?;
                if factor.what.contains(';') {
                    return Err(DrawError::BadText { place: place() });
                }
            }
            if !seen.insert(unit.id.as_str()) {
                return Err(DrawError::Twice { id: unit.id.clone() });
            }
            total += u64::from(unit.weight()?);
        }
        for (list, what) in [(&self.excluded, "excluded"), (&self.purposive, "purposive")] {
            for (at, apart) in (1..).zip(list) {
                one_line(&apart.id, false, &|| format!("{what} {at}, id"))?;
                one_line(&apart.reason, false, &|| format!("{what} {at}, reason"))?;
                if !seen.insert(apart.id.as_str()) {
                    return Err(DrawError::Twice { id: apart.id.clone() });
                }
            }
        }
        if u32::try_from(total).is_err() {
            return Err(DrawError::TooHeavy { total });
        }
        if self.draw == 0 {
            return Err(DrawError::NothingAsked);
        }
        if self.draw as usize > self.units.len() {
            return Err(DrawError::TooFew { asked: self.draw, there: self.units.len() });
        }
        Ok(())
    }

    /// The canonical text: the same frame gives the same bytes, whatever the order in which it was written down.
    ///
    /// Lines end in `\n`, parts are separated by a tab. First `bihuan-frame-v1`; then `title`, `draw` and `reserves`, each
    /// with its value; then, sorted by the bytes of the id, `unit⇥id⇥weight⇥field⇥what=times;what=times` for every unit,
    /// `excluded⇥id⇥reason`, and `purposive⇥id⇥reason`.
    ///
    /// # Errors
    /// As [`Frame::check`].
    pub fn canonical(&self) -> Result<String, DrawError> {
        self.check()?;
        let mut text = format!(
            "bihuan-frame-v1\ntitle\t{}\ndraw\t{}\nreserves\t{}\n",
            self.title, self.draw, self.reserves
        );
        let mut units: Vec<&Unit> = self.units.iter().collect();
        units.sort_by(|one, other| one.id.as_bytes().cmp(other.id.as_bytes()));
        for unit in units {
            let factors: Vec<String> =
                unit.factors.iter().map(|factor| format!("{}={}", factor.what, factor.times)).collect();
            let (id, weight, field) = (&unit.id, unit.weight()?, &unit.field);
            // Writing to a text cannot fail.
            let _ = writeln!(text, "unit\t{id}\t{weight}\t{field}\t{}", factors.join(";"));
        }
        for (list, what) in [(&self.excluded, "excluded"), (&self.purposive, "purposive")] {
            let mut list: Vec<&SetApart> = list.iter().collect();
            list.sort_by(|one, other| one.id.as_bytes().cmp(other.id.as_bytes()));
            for apart in list {
                let _ = writeln!(text, "{what}\t{}\t{}", apart.id, apart.reason);
            }
        }
        Ok(text)
    }

    /// The digest that is published before the seed is known: SHA-256 of the canonical text in UTF-8.
    ///
    /// # Errors
    /// As [`Frame::check`].
    pub fn digest(&self) -> Result<Digest, DrawError> {
        Ok(Digest::of_text(&self.canonical()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame() -> Frame {
        let unit = |id: &str, weight| Unit {
            id: id.to_owned(),
            weight: Some(weight),
            field: "水".to_owned(),
            factors: Vec::new(),
        };
        Frame {
            title: "2021年6月回头看".to_owned(),
            draw: 1,
            reserves: 1,
            units: vec![unit("P-2", 3), unit("P-1", 1)],
            excluded: vec![SetApart { id: "P-3".to_owned(), reason: "在建".to_owned() }],
            purposive: vec![SetApart { id: "P-4".to_owned(), reason: "区长点名".to_owned() }],
        }
    }

    #[test]
    fn the_order_in_which_a_frame_was_written_does_not_change_its_digest_but_any_value_does() {
        let frozen = frame().digest().unwrap();
        let mut other = frame();
        other.units.reverse();
        assert_eq!(other.digest().unwrap(), frozen);
        let changes: [fn(&mut Frame); 8] = [
            |frame| frame.title.push('x'),
            |frame| frame.draw = 2,
            |frame| frame.reserves = 0,
            |frame| frame.units[0].weight = Some(4),
            |frame| frame.units[0].field = "气".to_owned(),
            |frame| frame.units[1].id = "P-5".to_owned(),
            |frame| frame.excluded[0].reason.push('。'),
            |frame| frame.excluded.append(&mut frame.purposive),
        ];
        for change in changes {
            let mut changed = frame();
            change(&mut changed);
            assert_ne!(changed.digest().unwrap(), frozen);
        }
    }

    #[test]
    fn a_weight_is_the_product_of_its_factors_and_may_not_contradict_them() {
        let factor = |what: &str, times| Factor { what: what.to_owned(), times };
        let mut unit = frame().units.remove(0);
        unit.factors = vec![factor("严重程度", 3), factor("曾反弹", 2)];
        assert_eq!(unit.weight(), Err(DrawError::Factors { id: "P-2".to_owned(), product: 6, weight: 3 }));
        unit.weight = None;
        assert_eq!(unit.weight(), Ok(6));
        unit.factors.push(factor("月数", 0));
        assert_eq!(unit.weight(), Err(DrawError::Weight { id: "P-2".to_owned() }));
    }

    #[test]
    fn a_frame_that_could_be_read_in_two_ways_is_refused() {
        let mut twice = frame();
        twice.purposive[0].id = "P-1".to_owned();
        assert_eq!(twice.check(), Err(DrawError::Twice { id: "P-1".to_owned() }));
        let mut tab = frame();
        tab.excluded[0].reason = "a\tb".to_owned();
        assert!(matches!(tab.check(), Err(DrawError::BadText { .. })));
        let mut many = frame();
        many.draw = 3;
        assert_eq!(many.check(), Err(DrawError::TooFew { asked: 3, there: 2 }));
        let mut heavy = frame();
        heavy.units.iter_mut().for_each(|unit| unit.weight = Some(u32::MAX));
        assert!(matches!(heavy.check(), Err(DrawError::TooHeavy { .. })));
    }
}
