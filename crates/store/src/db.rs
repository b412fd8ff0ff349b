//! One database, two engines, one SQL text.
//!
//! Statements are written as SQLite reads them (`?1`, `?2` …); for PostgreSQL the marks become `$1`, `$2` ….
//! What the engines truly do not agree on lives in [`crate::dialect`]. Both drivers are called from
//! threads that may wait, never from an asynchronous one: a statement in the embedded engine takes
//! microseconds, less than a change of task would. See `docs/decisions/0002`.

use crate::dialect::Engine;
use bytes::BytesMut;
use postgres::types::{IsNull, ToSql, Type};
use std::{collections::HashMap, error::Error as StdError};

/// What can go wrong below the rules: the engine, or a record it should not hold.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The embedded engine failed or refused.
    #[error("SQLite: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The database server failed or refused.
    #[error("PostgreSQL: {}", server_message(.0))]
    Postgres(#[from] postgres::Error),
    /// A stored record breaks an invariant.
    #[error("damaged record in {table}: {what}")]
    Damaged {
        /// The table.
        table: &'static str,
        /// What is wrong.
        what: String,
    },
    /// Evidence could not be read or written.
    #[error("evidence: {0}")]
    Evidence(String),
    /// The disk or another resource is unusable.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// The books are not there, not ours, or too new.
    #[error("{0}")]
    Unusable(String),
    /// The writer stopped.
    #[error("the writer of the books has stopped")]
    WriterGone,
    /// The commit failed; nothing of the group was kept.
    #[error("nothing was stored: {0}")]
    NotCommitted(String),
}

impl Error {
    /// Names the table whose answer was damaged, where the statement could not know it.
    pub(crate) fn in_table(self, table: &'static str) -> Error {
        match self {
            Error::Damaged { table: ANSWER, what } => Error::Damaged { table, what },
            other => other,
        }
    }
}

/// Stands for the table in a damaged answer.
const ANSWER: &str = "answer";

fn server_message(error: &postgres::Error) -> String {
    error
        .as_db_error()
        .map_or_else(|| error.to_string(), |db| format!("{} ({})", db.message(), db.code().code()))
}

/// The result of every storage call.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A value both engines can store and return.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// Nothing.
    Null,
    /// A whole number.
    Int(i64),
    /// A text.
    Text(String),
}

impl From<i64> for Value {
    fn from(value: i64) -> Value {
        Value::Int(value)
    }
}
impl From<u64> for Value {
    fn from(value: u64) -> Value {
        Value::Int(i64::try_from(value).unwrap_or(i64::MAX))
    }
}
impl From<u32> for Value {
    fn from(value: u32) -> Value {
        Value::Int(i64::from(value))
    }
}
impl From<bool> for Value {
    fn from(value: bool) -> Value {
        Value::Int(i64::from(value))
    }
}
impl From<&str> for Value {
    fn from(value: &str) -> Value {
        Value::Text(value.to_owned())
    }
}
impl From<String> for Value {
    fn from(value: String) -> Value {
        Value::Text(value)
    }
}
impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Value {
        value.map_or(Value::Null, Into::into)
    }
}
impl From<jiff::civil::Date> for Value {
    fn from(value: jiff::civil::Date) -> Value {
        Value::Text(value.to_string())
    }
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        use rusqlite::types::{ToSqlOutput, ValueRef};
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Null => ValueRef::Null,
            Value::Int(n) => ValueRef::Integer(*n),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

impl ToSql for Value {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        match self {
            Value::Null => Ok(IsNull::Yes),
            Value::Int(n) => n.to_sql(ty, out),
            Value::Text(text) => text.to_sql(ty, out),
        }
    }
    fn accepts(_: &Type) -> bool {
        true
    }
    fn to_sql_checked(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        let fits = match self {
            Value::Null => true,
            Value::Int(_) => <i64 as ToSql>::accepts(ty),
            Value::Text(_) => <String as ToSql>::accepts(ty),
        };
        if fits { ToSql::to_sql(self, ty, out) } else { Err(format!("{self:?} does not fit {ty}").into()) }
    }
}

/// One row of an answer; columns count from 0 in the order of the statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row(pub Vec<Value>);

impl Row {
    /// A text column.
    ///
    /// # Errors
    /// [`Error::Damaged`] when the column is missing, empty or of another type.
    pub fn text(&self, column: usize) -> Result<&str> {
        match self.0.get(column) {
            Some(Value::Text(text)) => Ok(text),
            other => Err(unfit("text", column, other)),
        }
    }

    /// A text column that may be empty.
    ///
    /// # Errors
    /// [`Error::Damaged`] when the column is missing or of another type.
    pub fn text_or_null(&self, column: usize) -> Result<Option<&str>> {
        match self.0.get(column) {
            Some(Value::Text(text)) => Ok(Some(text)),
            Some(Value::Null) => Ok(None),
            other => Err(unfit("text", column, other)),
        }
    }

    /// A number column.
    ///
    /// # Errors
    /// [`Error::Damaged`] when the column is missing, empty or of another type.
    pub fn int(&self, column: usize) -> Result<i64> {
        match self.0.get(column) {
            Some(Value::Int(n)) => Ok(*n),
            other => Err(unfit("number", column, other)),
        }
    }

    /// A date column that may be empty.
    ///
    /// # Errors
    /// [`Error::Damaged`] when the column is missing or holds no date.
    pub fn date_or_null(&self, column: usize) -> Result<Option<jiff::civil::Date>> {
        self.text_or_null(column)?
            .map(|text| text.parse().map_err(|_| unfit("date", column, self.0.get(column))))
            .transpose()
    }
}

fn unfit(wanted: &str, column: usize, found: Option<&Value>) -> Error {
    Error::Damaged { table: ANSWER, what: format!("column {column} should be a {wanted}, found {found:?}") }
}

/// A connection to either engine.
pub enum Connection {
    /// Embedded, the default.
    Sqlite(rusqlite::Connection),
    /// Embedded, looking at the books as they were after one entry; see [`crate::past`].
    Past(rusqlite::Connection),
    /// When one machine is no longer enough.
    Postgres(Box<ServerConnection>),
}

/// A connection to a PostgreSQL server with its prepared statements.
pub struct ServerConnection {
    client: postgres::Client,
    prepared: HashMap<String, postgres::Statement>,
}

impl ServerConnection {
    pub(crate) fn new(client: postgres::Client) -> ServerConnection {
        ServerConnection { client, prepared: HashMap::new() }
    }

    fn prepare(&mut self, sql: &str) -> Result<postgres::Statement> {
        if let Some(statement) = self.prepared.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(&sql.replace('?', "$"))?;
        self.prepared.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }
}

impl Connection {
    /// Which engine answers.
    #[must_use]
    pub fn engine(&self) -> Engine {
        match self {
            Connection::Sqlite(_) => Engine::Sqlite,
            Connection::Past(_) => Engine::Past,
            Connection::Postgres(_) => Engine::Postgres,
        }
    }

    /// Whether the line to a server is known to be cut; an embedded database has none.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        match self {
            Connection::Sqlite(_) | Connection::Past(_) => false,
            Connection::Postgres(server) => server.client.is_closed(),
        }
    }

    /// Runs statements without values: transactions and migrations.
    ///
    /// # Errors
    /// When the engine refuses.
    pub fn batch(&mut self, sql: &str) -> Result<()> {
        match self {
            Connection::Sqlite(connection) | Connection::Past(connection) => connection.execute_batch(sql)?,
            Connection::Postgres(server) => server.client.batch_execute(sql)?,
        }
        Ok(())
    }

    /// Runs one statement without values that is run again and again, such as the bounds of a transaction.
    ///
    /// # Errors
    /// When the engine refuses.
    pub(crate) fn command(&mut self, sql: &'static str) -> Result<()> {
        match self {
            Connection::Sqlite(connection) | Connection::Past(connection) => {
                connection.prepare_cached(sql)?.execute([])?;
            }
            Connection::Postgres(server) => server.client.batch_execute(sql)?,
        }
        Ok(())
    }

    /// Runs a statement and counts the rows touched.
    ///
    /// # Errors
    /// When the engine refuses.
    pub fn run(&mut self, sql: &str, values: &[Value]) -> Result<u64> {
        match self {
            Connection::Sqlite(connection) | Connection::Past(connection) => {
                let mut statement = connection.prepare_cached(sql)?;
                let touched = statement.execute(rusqlite::params_from_iter(values))?;
                Ok(touched as u64)
            }
            Connection::Postgres(server) => {
                let statement = server.prepare(sql)?;
                Ok(server.client.execute(&statement, &as_parameters(values))?)
            }
        }
    }

    /// Every row of the answer.
    ///
    /// # Errors
    /// When the engine refuses, or a column is neither number nor text.
    pub fn all(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>> {
        let mut rows = Vec::new();
        self.each(sql, values, |row| {
            rows.push(row);
            Ok(true)
        })?;
        Ok(rows)
    }

    /// The first row of the answer, if any.
    ///
    /// # Errors
    /// As [`Connection::all`].
    pub fn one(&mut self, sql: &str, values: &[Value]) -> Result<Option<Row>> {
        let mut first = None;
        self.each(sql, values, |row| {
            first = Some(row);
            Ok(false)
        })?;
        Ok(first)
    }

    /// Hands every row to `visit` until it answers `false`; the answer is never held in memory as a whole.
    ///
    /// # Errors
    /// As [`Connection::all`], or what `visit` returns.
    pub fn each(
        &mut self,
        sql: &str,
        values: &[Value],
        mut visit: impl FnMut(Row) -> Result<bool>,
    ) -> Result<()> {
        match self {
            Connection::Sqlite(connection) | Connection::Past(connection) => {
                let mut statement = connection.prepare_cached(sql)?;
                let columns = statement.column_count();
                let mut rows = statement.query(rusqlite::params_from_iter(values))?;
                while let Some(row) = rows.next()? {
                    let mut read = Vec::with_capacity(columns);
                    for column in 0..columns {
                        read.push(sqlite_value(row.get_ref(column)?)?);
                    }
                    if !visit(Row(read))? {
                        break;
                    }
                }
            }
            Connection::Postgres(server) => {
                let statement = server.prepare(sql)?;
                let parameters = values.iter().map(|value| value as &(dyn ToSql + Sync));
                let mut rows = server.client.query_raw(&statement, parameters)?;
                use postgres::fallible_iterator::FallibleIterator;
                while let Some(row) = rows.next()? {
                    let read =
                        (0..row.len()).map(|column| server_value(&row, column)).collect::<Result<_>>()?;
                    if !visit(Row(read))? {
                        break;
                    }
                }
            }
        }
        Ok(())
    }

    /// Prepares a statement without running it; tests walk every statement through this.
    ///
    /// # Errors
    /// When the engine does not accept it.
    pub fn prepares(&mut self, sql: &str) -> Result<()> {
        match self {
            Connection::Sqlite(connection) | Connection::Past(connection) => {
                connection.prepare(sql).map(drop)?
            }
            Connection::Postgres(server) => server.client.prepare(&sql.replace('?', "$")).map(drop)?,
        }
        Ok(())
    }
}

fn as_parameters(values: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    values.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

fn sqlite_value(value: rusqlite::types::ValueRef<'_>) -> Result<Value> {
    use rusqlite::types::ValueRef;
    Ok(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(n) => Value::Int(n),
        ValueRef::Text(bytes) => {
            Value::Text(String::from_utf8(bytes.to_vec()).map_err(|_| not_ours("bad UTF-8"))?)
        }
        ValueRef::Real(_) => return Err(not_ours("a float")),
        ValueRef::Blob(_) => return Err(not_ours("a blob")),
    })
}

fn server_value(row: &postgres::Row, column: usize) -> Result<Value> {
    let ty = row.columns()[column].type_();
    Ok(if *ty == Type::INT8 {
        row.try_get::<_, Option<i64>>(column)?.into()
    } else if *ty == Type::TEXT || *ty == Type::VARCHAR {
        row.try_get::<_, Option<String>>(column)?.into()
    } else {
        return Err(not_ours(ty.name()));
    })
}

fn not_ours(what: &str) -> Error {
    Error::Damaged { table: ANSWER, what: format!("{what} where a number or a text should be") }
}
