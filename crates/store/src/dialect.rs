//! All that the two engines do not agree on.

/// Which engine answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Embedded.
    Sqlite,
    /// Embedded, looking back: tables are what they were after one entry of the ledger.
    Past,
    /// Server.
    Postgres,
}

impl Engine {
    /// Begins the one writing transaction; on a server, the lock of this area's chain comes with it.
    #[must_use]
    pub fn begin_writing(self) -> &'static str {
        match self {
            Engine::Sqlite | Engine::Past => "BEGIN IMMEDIATE",
            Engine::Postgres => "BEGIN; SELECT pg_advisory_xact_lock(7145316)",
        }
    }

    /// Makes every text column compare byte by byte, as the embedded engine and the replay do, whatever language the
    /// server's database sorts by. Run after the migrations; it touches only columns that do not yet.
    #[must_use]
    pub fn order_bytewise(self) -> Option<&'static str> {
        match self {
            Engine::Sqlite | Engine::Past => None,
            Engine::Postgres => Some(
                "DO $$ DECLARE it record; BEGIN
                     FOR it IN SELECT table_name AS t, column_name AS c FROM information_schema.columns
                         WHERE table_schema = current_schema() AND data_type = 'text'
                           AND collation_name IS DISTINCT FROM 'C'
                     LOOP
                         EXECUTE format('ALTER TABLE %I ALTER COLUMN %I TYPE text COLLATE \"C\"', it.t, it.c);
                     END LOOP;
                 END $$",
            ),
        }
    }

    /// Begins reading from one consistent moment.
    #[must_use]
    pub fn begin_reading(self) -> &'static str {
        match self {
            Engine::Sqlite | Engine::Past => "BEGIN DEFERRED",
            Engine::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        }
    }

    /// Replaces the words of one task: `?1` is `task.n`, `?2` the bigrams separated by spaces.
    #[must_use]
    pub fn search_set(self) -> &'static str {
        match self {
            Engine::Sqlite | Engine::Past => "INSERT OR REPLACE INTO search (rowid, grams) VALUES (?1, ?2)",
            Engine::Postgres => {
                "INSERT INTO search (n, grams) VALUES (?1, array_to_tsvector(string_to_array(CAST(?2 AS TEXT), ' ')))
                 ON CONFLICT (n) DO UPDATE SET grams = excluded.grams"
            }
        }
    }

    /// The subquery of the `task.n` whose words match the parameter with this number.
    #[must_use]
    pub fn search_matches(self, parameter: usize) -> String {
        match self {
            Engine::Sqlite => format!("SELECT rowid FROM search WHERE search MATCH ?{parameter}"),
            Engine::Past => format!(
                "SELECT n FROM search_then WHERE v IN (SELECT rowid FROM was_words WHERE was_words MATCH ?{parameter})"
            ),
            Engine::Postgres => {
                format!("SELECT n FROM search WHERE grams @@ CAST(CAST(?{parameter} AS TEXT) AS TSQUERY)")
            }
        }
    }

    /// A query for all of the words, as the engine writes it.
    #[must_use]
    pub fn search_query(self, words: &[String]) -> String {
        let quoted = |mark: &str| {
            words
                .iter()
                .map(|word| format!("{mark}{}{mark}", word.replace(['"', '\'', '\\'], "")))
                .collect::<Vec<_>>()
        };
        match self {
            Engine::Sqlite | Engine::Past => quoted("\"").join(" "),
            Engine::Postgres => quoted("'").join(" & "),
        }
    }

    /// How many bytes the tables hold, for the doctor.
    #[must_use]
    pub fn size_bytes(self) -> &'static str {
        match self {
            Engine::Sqlite | Engine::Past => {
                "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
            }
            Engine::Postgres => "SELECT CAST(pg_database_size(current_database()) AS BIGINT)",
        }
    }
}
