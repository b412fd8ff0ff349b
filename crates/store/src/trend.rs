//! What came and what was signed off, month by month (新增与销号走势), counted on the indexes alone.

use crate::{Connection, Result, db::Value, ledger};
use bihuan_rules::id::UnitId;
use jiff::{ToSpan, civil::Date};

/// Months that a trend goes back, the present one counted.
pub const MONTHS: usize = 12;

/// One month of a trend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Month {
    /// Its first day.
    pub from: Date,
    /// Put on the list.
    pub came: u64,
    /// Signed off and filed.
    pub closed: u64,
}

/// What is counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Part {
    /// One town or area; none is the whole district.
    pub area: Option<UnitId>,
    /// Fields of work; none is all.
    pub fields: Vec<String>,
    /// What one unit has to do with; none is everything.
    pub party: Option<UnitId>,
}

impl Part {
    fn fields_clause(&self, wheres: &mut String, values: &mut Vec<Value>) {
        if self.fields.is_empty() {
            return;
        }
        let mut marks = Vec::with_capacity(self.fields.len());
        for field in &self.fields {
            values.push(field.as_str().into());
            marks.push(format!("?{}", values.len()));
        }
        wheres.push_str(&format!(" AND field IN ({})", marks.join(", ")));
    }

    /// The statement that counts by month, for the plan test.
    #[must_use]
    pub fn sql(&self, column: &'static str, from: Date) -> (String, Vec<Value>) {
        let mut values: Vec<Value> = vec![from.into()];
        let mut wheres = format!("{column} >= ?1 AND is_counted = 1");
        if let Some(area) = &self.area {
            values.push(area.as_str().into());
            wheres.push_str(&format!(" AND area = ?{}", values.len()));
        }
        self.fields_clause(&mut wheres, &mut values);
        let mut from = "task";
        if let Some(unit) = &self.party {
            from = "task_party p JOIN task t ON t.id = p.task";
            values.push(unit.as_str().into());
            wheres.push_str(&format!(" AND p.unit = ?{}", values.len()));
        }
        let month = format!("SUBSTR({column}, 1, 7)");
        let sql =
            format!("SELECT {month}, CAST(COUNT(*) AS BIGINT) FROM {from} WHERE {wheres} GROUP BY {month}");
        (sql, values)
    }
}

/// The last months up to the one of `today`, the oldest first.
///
/// # Errors
/// When the engine refuses.
pub fn months(connection: &mut Connection, part: &Part, today: Date) -> Result<Vec<Month>> {
    let mut months: Vec<Month> = (0..MONTHS)
        .rev()
        .filter_map(|back| {
            let back = i64::try_from(back).ok()?;
            Some(Month { from: today.first_of_month().checked_sub(back.months()).ok()?, came: 0, closed: 0 })
        })
        .collect();
    let first = months.first().map_or(today, |month| month.from);
    for column in ["registered_on", "closed_on"] {
        let (sql, values) = part.sql(column, first);
        for row in connection.all(&sql, &values)? {
            let (name, count) = (row.text(0)?, ledger::natural(&row, 1)?);
            let month = months.iter_mut().find(|month| month.from.strftime("%Y-%m").to_string() == name);
            if let Some(month) = month {
                *(if column == "closed_on" { &mut month.closed } else { &mut month.came }) = count;
            }
        }
    }
    Ok(months)
}

/// Towns with tasks past their deadline, the most first: area and how many.
///
/// # Errors
/// When the engine refuses.
pub fn late_by_area(connection: &mut Connection, part: &Part, today: Date) -> Result<Vec<(String, u64)>> {
    let mut values: Vec<Value> = vec![today.into()];
    let mut wheres = "is_open = 1 AND due_on < ?1 AND finished_on IS NULL AND area IS NOT NULL".to_owned();
    part.fields_clause(&mut wheres, &mut values);
    let sql = format!(
        "SELECT area, CAST(COUNT(*) AS BIGINT) FROM task WHERE {wheres} GROUP BY area ORDER BY 2 DESC, 1"
    );
    let row = |row: &crate::Row| Ok((row.text(0)?.to_owned(), ledger::natural(row, 1)?));
    connection.all(&sql, &values)?.iter().map(row).collect()
}
