//! What a table of readings says, as values: sections by month, rivers by month, changes, trends, and what was not taken.

use bihuan_methods::water::{
    self, Amount, Body, Change, Effect, Evaluation, Incomparable, Index, ItemResult, Mean, Month, Passage,
    RankTrend, Reading, River, Sample, Standard, Tally, Trend, compare, effect, evaluate, passage,
    rank_trend, river, seasonal_trend,
};
use bihuan_papers::{
    document::Warning,
    water_table::{self, WaterTable},
};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A month of a section.
pub(super) struct MonthOf {
    pub(super) sample: Sample,
    pub(super) found: Evaluation,
}

/// A section with its months.
pub(super) struct SectionOf {
    pub(super) section: water_table::Section,
    pub(super) body: Body,
    pub(super) months: BTreeMap<Month, MonthOf>,
    /// Item and trend, for every item with a season measured twice.
    pub(super) trends: Vec<(usize, Trend)>,
    /// Item and rank correlation, where the last five years and more are whole.
    pub(super) annual: Vec<(usize, RankTrend)>,
}

/// A river, or all of them, with its months.
pub(super) struct RiverOf {
    pub(super) name: String,
    pub(super) months: BTreeMap<Month, River>,
}

/// Everything.
pub(super) struct Report {
    pub(super) standard: &'static Standard,
    pub(super) sections: Vec<SectionOf>,
    pub(super) rivers: Vec<RiverOf>,
    pub(super) passages: Vec<(Month, Passage)>,
    /// Item and effect.
    pub(super) effects: Vec<(usize, Effect)>,
    pub(super) faults: Vec<Warning>,
    pub(super) notices: Vec<Warning>,
    pub(super) readings: usize,
}

impl SectionOf {
    /// The means of an item by month.
    fn series(&self, standard: &Standard, item: usize) -> BTreeMap<Month, Amount> {
        let is_ph = standard.items[item].is_ph();
        let figure = |(month, of): (&Month, &MonthOf)| Some((*month, of.sample.mean(item)?.amount(is_ph)));
        self.months.iter().filter_map(figure).collect()
    }

    /// Means of the whole years at the end of a series, the oldest first.
    fn whole_years(&self, standard: &Standard, item: usize) -> Vec<Amount> {
        let mut years: BTreeMap<i32, Vec<Amount>> = BTreeMap::new();
        for (month, figure) in self.series(standard, item) {
            years.entry(month.year()).or_default().push(figure);
        }
        let is_ph = standard.items[item].is_ph();
        let mean = |figures: &Vec<Amount>| {
            let mut mean = Mean::default();
            figures.iter().for_each(|figure| mean.add(*figure, false, is_ph));
            mean.amount(is_ph)
        };
        let mut means: Vec<Amount> = Vec::new();
        let mut next = None;
        let whole = years.iter().rev().skip_while(|(_, figures)| figures.len() < 12);
        for (year, figures) in whole.take_while(|(_, figures)| figures.len() == 12) {
            if next.is_some_and(|next| next != *year) {
                break;
            }
            next = Some(year - 1);
            means.push(mean(figures));
        }
        means.reverse();
        means
    }

    /// A month beside the one so many months earlier; `None` when that was not measured.
    pub(super) fn beside(&self, month: Month, earlier: i32) -> Option<Result<Change, Incomparable>> {
        let before = self.months.get(&month.later(-earlier))?;
        self.months.get(&month).map(|now| compare(&now.found, &before.found))
    }
}

impl Report {
    pub(super) fn of(standard: &'static Standard, table: WaterTable) -> Report {
        let WaterTable { sections, readings, mut faults, notices } = table;
        let mut tally = Tally::new(standard);
        let mut count = 0;
        for reading in readings {
            match taken(standard, &reading) {
                Ok(taken) => {
                    count += 1;
                    tally.add(&taken);
                }
                Err(fault) => faults.push(fault),
            }
        }
        let body = |section: u32| match sections.get(section as usize) {
            Some(section) if section.is_lake => Body::Lake,
            _ => Body::River,
        };
        let mut months: BTreeMap<u32, BTreeMap<Month, MonthOf>> = BTreeMap::new();
        for (section, month, sample) in tally.samples(body) {
            let found = evaluate(standard, &sample);
            months.entry(section).or_default().insert(month, MonthOf { sample, found });
        }
        let sections: Vec<SectionOf> = (months.into_iter())
            .filter_map(|(section, months)| {
                let known = sections.get(section as usize)?.clone();
                let mut of = SectionOf {
                    section: known,
                    body: body(section),
                    months,
                    trends: Vec::new(),
                    annual: Vec::new(),
                };
                let trend = |item: usize| Some((item, seasonal_trend(&of.series(standard, item)).ok()?));
                of.trends = (0..standard.items.len()).filter_map(trend).collect();
                let ranked = |item: usize| Some((item, rank_trend(&of.whole_years(standard, item)).ok()?));
                of.annual = (0..standard.items.len()).filter_map(ranked).collect();
                Some(of)
            })
            .collect();
        faults.sort_by(|one, other| place(one).cmp(&place(other)));
        let rivers = rivers(standard, &sections);
        let (passages, effects) = (Vec::new(), Vec::new());
        Report { standard, sections, rivers, passages, effects, faults, notices, readings: count }
    }

    /// A section by its name.
    pub(super) fn section(&self, name: &str) -> Option<&SectionOf> {
        self.sections.iter().find(|of| of.section.name == name)
    }

    /// Sets the section downstream beside the one upstream, and beside itself before a month.
    pub(super) fn compare(&mut self, inflow: Option<&str>, outflow: Option<&str>, since: Option<Month>) {
        let Some(outflow) = outflow.and_then(|name| self.section(name)) else { return };
        let inflow = inflow.and_then(|name| self.section(name));
        let both = |(month, of): (&Month, &MonthOf)| {
            Some((*month, passage(&inflow?.months.get(month)?.found, &of.found)))
        };
        let passages = outflow.months.iter().filter_map(both).collect();
        let told = |item: usize| {
            let series = outflow.series(self.standard, item);
            let upstream = inflow.map(|inflow| inflow.series(self.standard, item));
            Some((item, effect(&series, upstream.as_ref(), since?).ok()?))
        };
        let effects = (0..self.standard.items.len()).filter_map(told).collect();
        (self.passages, self.effects) = (passages, effects);
    }

    pub(super) fn json(&self) -> Value {
        let section = |of: &SectionOf| {
            let months: Vec<Value> = of.months.iter().map(|(month, at)| self.month(of, *month, at)).collect();
            let trends: Vec<Value> =
                of.trends.iter().map(|(item, trend)| self.with_item(*item, trend)).collect();
            let annual: Vec<Value> =
                of.annual.iter().map(|(item, trend)| self.with_item(*item, trend)).collect();
            json!({ "section": of.section.name, "river": of.section.river, "area": of.section.area, "body": of.body,
                "months": months, "trends": trends, "annual_trends": annual })
        };
        let river = |of: &RiverOf| {
            let months = of.months.iter().map(|(month, river)| self.river(*month, river));
            json!({ "river": of.name, "months": months.collect::<Vec<_>>() })
        };
        let passage = |(month, passage): &(Month, Passage)| {
            let over = passage.over.iter().map(|(item, inflow, outflow)| {
                json!({ "code": self.standard.items[*item].code, "inflow": inflow, "outflow": outflow })
            });
            json!({ "month": month, "inflow": passage.inflow, "outflow": passage.outflow,
                "inflow_is_over": passage.inflow_is_over, "is_worse": passage.is_worse, "over": over.collect::<Vec<_>>() })
        };
        json!({
            "standard": self.standard.name,
            "method": water::METHOD,
            "index_method": water::INDEX_METHOD,
            "trend_method": water::TREND_METHOD,
            "annual_trend_method": water::RANK_METHOD,
            "effect_method": water::EFFECT_METHOD,
            "readings": self.readings,
            "sections": self.sections.iter().map(section).collect::<Vec<_>>(),
            "rivers": self.rivers.iter().map(river).collect::<Vec<_>>(),
            "passages": self.passages.iter().map(passage).collect::<Vec<_>>(),
            "effects": self.effects.iter().map(|(item, effect)| self.with_item(*item, effect)).collect::<Vec<_>>(),
            "faults": self.faults,
            "notices": self.notices,
        })
    }

    fn with_item(&self, item: usize, told: &impl serde::Serialize) -> Value {
        let mut value = serde_json::to_value(told).unwrap_or_default();
        if let Value::Object(fields) = &mut value {
            fields.insert("code".to_owned(), json!(self.standard.items[item].code));
        }
        value
    }

    fn month(&self, of: &SectionOf, month: Month, at: &MonthOf) -> Value {
        let items: Vec<Value> = at.found.items.iter().map(|found| self.item(found)).collect();
        json!({
            "month": month,
            "class": at.found.class,
            "class_zh": at.found.class.map(water::Class::zh),
            "quality": at.found.class.map(water::Class::quality),
            "items": items,
            "main": at.found.main().map(|found| self.item(found)).collect::<Vec<_>>(),
            "index": self.index(&at.found.index),
            "year_on_year": of.beside(month, 12).map(|change| self.change(change)),
            "month_on_month": of.beside(month, 1).map(|change| self.change(change)),
        })
    }

    fn item(&self, found: &ItemResult) -> Value {
        let item = &self.standard.items[found.item];
        json!({ "code": item.code, "zh": item.zh, "value": found.value, "class": found.class, "multiple": found.multiple,
            "evaluated": found.evaluated, "count": found.count, "below": found.below })
    }

    fn codes(&self, items: impl Iterator<Item = usize>) -> Vec<&str> {
        items.map(|item| self.standard.items[item].code.as_str()).collect()
    }

    fn index(&self, index: &Index) -> Value {
        let missing = (0..self.standard.items.len())
            .filter(|item| self.standard.items[*item].index && !index.places().any(|place| place == *item));
        json!({ "value": index.value.fixed(4), "items": index.items, "of": index.of, "missing": self.codes(missing) })
    }

    fn change(&self, change: Result<Change, Incomparable>) -> Value {
        match change {
            Ok(change) => json!(change),
            Err(Incomparable::Items { only_now, only_before }) => json!({ "incomparable": {
                "only_now": self.codes(only_now.into_iter()), "only_before": self.codes(only_before.into_iter()) } }),
            Err(other) => json!({ "incomparable": other.to_string() }),
        }
    }

    fn river(&self, month: Month, river: &River) -> Value {
        let over = river
            .over
            .iter()
            .map(|(item, sections)| json!({ "code": self.standard.items[*item].code, "sections": sections }));
        json!({ "month": month, "sections": river.sections, "by_class": river.by_class, "by_share": river.by_share,
            "quality": river.quality, "mean_class": river.mean.class, "over": over.collect::<Vec<_>>(),
            "index": self.index(&river.mean.index) })
    }
}

fn place(warning: &Warning) -> (&str, u32, u32, u32) {
    (&*warning.place.sheet, warning.place.table, warning.place.row, warning.place.column)
}

/// A figure of the table in the unit of its item.
fn taken(standard: &Standard, reading: &water_table::Reading) -> Result<Reading, Warning> {
    let item = &standard.items[reading.term];
    let fault = |code: &str, zh: String, en: String| Warning {
        place: reading.place.clone(),
        code: code.to_owned(),
        zh,
        en,
    };
    let number = &reading.number;
    let written: Amount = number.parse().map_err(|_| {
        fault(
            "out_of_range",
            format!("{}“{number}”超出可读范围,未读入", item.zh),
            format!("{}: “{number}” is out of range and was not read", item.en),
        )
    })?;
    let value = item.in_own_unit(written, &reading.unit).ok_or_else(|| {
        let unit = &reading.unit;
        fault(
            "unknown_unit",
            format!("{}的单位“{unit}”无法换算,未读入", item.zh),
            format!("{}: the unit “{unit}” is not known and the figure was not read", item.en),
        )
    })?;
    let month = Month::new(reading.when.year, reading.when.month).ok_or_else(|| {
        fault(
            "no_date",
            "没有月份,未读入".to_owned(),
            "there is no month; the figure was not read".to_owned(),
        )
    })?;
    let section = u32::try_from(reading.section).unwrap_or(u32::MAX);
    Ok(Reading { section, month, item: reading.term, value, is_below: reading.is_below })
}

/// All river sections together, then each river by its name; lakes stay apart.
fn rivers(standard: &Standard, sections: &[SectionOf]) -> Vec<RiverOf> {
    let flowing: Vec<&SectionOf> = sections.iter().filter(|of| of.body == Body::River).collect();
    let mut names: Vec<&str> =
        flowing.iter().map(|of| of.section.river.as_str()).filter(|name| !name.is_empty()).collect();
    names.sort_unstable();
    names.dedup();
    let of = |name: &str| {
        let mut months: BTreeMap<Month, Vec<(&Sample, &Evaluation)>> = BTreeMap::new();
        for section in flowing.iter().filter(|of| name.is_empty() || of.section.river == name) {
            for (month, at) in &section.months {
                months.entry(*month).or_default().push((&at.sample, &at.found));
            }
        }
        let months = months.into_iter().map(|(month, found)| (month, river(standard, &found))).collect();
        RiverOf { name: name.to_owned(), months }
    };
    let single = names.len() == 1 && flowing.iter().all(|of| !of.section.river.is_empty());
    let all = (!single && !flowing.is_empty()).then_some("");
    all.into_iter().chain(names).map(of).collect()
}
