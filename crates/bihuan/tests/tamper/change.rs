//! One random change to closed books: bytes of the database, cells and rows through SQL, files of evidence.

use std::{fs, path::Path};

/// SplitMix64: the n-th trial is the same on every run.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    fn of<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}

/// What was done: in words, the kind for the tally, and the table that SQL touched.
pub struct Change {
    pub kind: &'static str,
    pub what: String,
    pub table: Option<String>,
}

impl Change {
    fn bytes(kind: &'static str, what: String) -> Change {
        Change { kind, what, table: None }
    }
}

/// Changes bytes of the database file.
pub fn bytes(dice: &mut Dice, file: &mut Vec<u8>, page: usize) -> Change {
    let at = dice.below(file.len());
    match dice.below(10) {
        0..=4 => {
            file[at] ^= 1 << dice.below(8);
            Change::bytes("bit flipped", format!("at byte {at}"))
        }
        5 | 6 => {
            let length = 1 + dice.below(64).min(file.len() - at - 1);
            for byte in &mut file[at..at + length] {
                *byte = dice.next() as u8;
            }
            Change::bytes("bytes overwritten", format!("{length} from byte {at}"))
        }
        7 => {
            let byte =
                if dice.below(2) == 0 { b'0' + dice.below(10) as u8 } else { b'a' + dice.below(26) as u8 };
            file[at] = byte;
            Change::bytes("letter typed over", format!("at byte {at}"))
        }
        8 => {
            let pages = file.len() / page;
            let (from, to) = (dice.below(pages), dice.below(pages));
            file.copy_within(from * page..(from + 1) * page, to * page);
            Change::bytes("page copied over another", format!("page {from} over page {to}"))
        }
        _ => {
            let left = if dice.below(2) == 0 { at } else { at - at % page };
            file.truncate(left);
            Change::bytes("file cut", format!("after {left} bytes"))
        }
    }
}

/// Changes cells and rows through SQL; `None` when the draw changes nothing or the engine refuses it.
pub fn rows(dice: &mut Dice, db: &rusqlite::Connection, tables: &[(String, Vec<String>)]) -> Option<Change> {
    let (table, columns) = dice.of(tables);
    let count: i64 = db.query_row(&format!("SELECT COUNT(*) FROM {table}"), [], |row| row.get(0)).ok()?;
    let nth = dice.below(usize::try_from(count).ok()?);
    let other = dice.below(usize::try_from(count).ok()?);
    let column = dice.of(columns);
    let key = if table == "search_idx" { "(segid, term)" } else { "rowid" };
    let row = |n: usize| {
        format!("{key} = (SELECT {} FROM {table} LIMIT 1 OFFSET {n})", key.trim_matches(['(', ')']))
    };
    let (kind, sql) = match dice.below(12) {
        0 => ("row deleted", format!("DELETE FROM {table} WHERE {}", row(nth))),
        1 => {
            // A row with another key, or the engine would refuse it.
            let column = &columns[dice.below(2)];
            let changed = changed_value(dice, column);
            let list = columns.iter().map(|c| if c == column { changed.as_str() } else { c.as_str() });
            let list = list.collect::<Vec<_>>().join(", ");
            let names = columns.join(", ");
            (
                "row put in",
                format!("INSERT INTO {table} ({names}) SELECT {list} FROM {table} WHERE {}", row(nth)),
            )
        }
        2 => {
            let from = format!("(SELECT {column} FROM {table} WHERE {})", row(other));
            (
                "cell taken from another row",
                format!("UPDATE {table} SET {column} = {from} WHERE {}", row(nth)),
            )
        }
        3 => (
            "last row deleted",
            format!("DELETE FROM {table} WHERE {}", row(usize::try_from(count).ok()?.max(1) - 1)),
        ),
        _ => {
            let changed = changed_value(dice, column);
            ("cell changed", format!("UPDATE {table} SET {column} = {changed} WHERE {}", row(nth)))
        }
    };
    let kept = |sql: &str| -> rusqlite::Result<Vec<Vec<rusqlite::types::Value>>> {
        let mut statement = db.prepare(sql)?;
        let width = statement.column_count();
        statement.query_map([], |row| (0..width).map(|n| row.get(n)).collect())?.collect()
    };
    let all = format!("SELECT * FROM {table} ORDER BY 1, 2");
    let before = kept(&all).ok()?;
    db.execute(&sql, []).ok().filter(|touched| *touched > 0)?;
    (kept(&all).ok()? != before).then(|| Change { kind, what: sql, table: Some(table.clone()) })
}

fn changed_value(dice: &mut Dice, column: &str) -> String {
    match dice.below(9) {
        0 => "NULL".to_owned(),
        1 => "''".to_owned(),
        2 => format!("{column} || 'x'"),
        3 => format!("substr({column}, 2)"),
        4 => format!("CAST({column} AS INTEGER) + 1"),
        5 => format!("upper({column})"),
        6 => format!("x'{:02x}'", dice.below(256)),
        7 => format!("{}", dice.below(3)),
        _ => {
            let n = 1 + dice.below(40);
            format!("substr({column}, 1, {n}) || '{}' || substr({column}, {})", dice.below(10), n + 2)
        }
    }
}

/// Changes the shape of the database so that a table shows or keeps something else.
pub fn shape(dice: &mut Dice, db: &rusqlite::Connection) -> Option<Change> {
    let sql = match dice.below(4) {
        0 => {
            "ALTER TABLE task RENAME TO task_real; CREATE VIEW task AS SELECT * FROM task_real WHERE state <> 'closed'"
        }
        1 => "CREATE TRIGGER quiet AFTER INSERT ON audit BEGIN DELETE FROM audit WHERE n = NEW.n; END",
        2 => "DROP INDEX task_due",
        _ => "ALTER TABLE notice ADD COLUMN remark TEXT",
    };
    db.execute_batch(sql).ok()?;
    Some(Change { kind: "shape of the database changed", what: sql.to_owned(), table: None })
}

/// Alters, removes or swaps files of evidence; says which were touched, so that they can be put back.
pub fn evidence(dice: &mut Dice, dir: &Path, names: &[String]) -> (Change, Vec<String>) {
    let name = dice.of(names).clone();
    let path = |name: &str| dir.join(&name[..2]).join(name);
    let mut content = fs::read(path(&name)).unwrap();
    let kind = match dice.below(5) {
        0 => {
            fs::remove_file(path(&name)).unwrap();
            return (Change::bytes("evidence removed", name.clone()), vec![name]);
        }
        1 => {
            let other = names.iter().find(|other| **other != name).unwrap().clone();
            let swapped = fs::read(path(&other)).unwrap();
            fs::write(path(&other), &content).unwrap();
            fs::write(path(&name), swapped).unwrap();
            return (Change::bytes("evidence swapped", format!("{name} {other}")), vec![name, other]);
        }
        2 => {
            content.truncate(dice.below(content.len()));
            "evidence cut"
        }
        3 => {
            content.push(dice.next() as u8);
            "evidence made longer"
        }
        _ => {
            let at = dice.below(content.len());
            content[at] ^= 1 << dice.below(8);
            "evidence bit flipped"
        }
    };
    fs::write(path(&name), content).unwrap();
    (Change::bytes(kind, name.clone()), vec![name])
}
