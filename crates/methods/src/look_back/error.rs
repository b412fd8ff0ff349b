//! What stands in the way of a draw.

/// Why a frame cannot be frozen or drawn from. Nothing has been drawn.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DrawError {
    /// A text of the frame would make its canonical form ambiguous.
    #[error(
        "{place}: texts of a frame may not be empty or hold a tab or a line break, those of factors no “;”"
    )]
    BadText {
        /// Where, such as `unit 3, id`.
        place: String,
    },
    /// The same id stands twice in the frame.
    #[error("{id} stands in the frame twice")]
    Twice {
        /// The id.
        id: String,
    },
    /// A weight outside 1 to 4,294,967,295.
    #[error(
        "{id}: the weight must be a whole number from 1; leave the unit out under “excluded” instead of weighing it 0"
    )]
    Weight {
        /// Whose weight.
        id: String,
    },
    /// The factors of a unit do not multiply to its weight.
    #[error("{id}: the factors multiply to {product}, but the weight says {weight}")]
    Factors {
        /// Whose factors.
        id: String,
        /// What they multiply to.
        product: u64,
        /// What stands there.
        weight: u64,
    },
    /// All weights together reach 2³².
    #[error("all weights together are {total}; they must stay below 4,294,967,296")]
    TooHeavy {
        /// The sum.
        total: u64,
    },
    /// Nothing is to be drawn.
    #[error("“draw” must be at least 1")]
    NothingAsked,
    /// More is to be drawn than there is.
    #[error("{asked} are to be drawn, but only {there} units are in the frame")]
    TooFew {
        /// How many are asked.
        asked: u32,
        /// How many there are.
        there: usize,
    },
    /// An empty seed, or one with a line break.
    #[error("the seed must be one line of text")]
    Seed,
}

impl DrawError {
    /// The same in Chinese.
    #[must_use]
    pub fn zh(&self) -> String {
        match self {
            DrawError::BadText { place } => {
                format!("{place}:抽样框里的文字不能为空,不能有制表符或换行;权重因素里不能有“;”")
            }
            DrawError::Twice { id } => format!("{id}在抽样框里出现两次"),
            DrawError::Weight { id } => {
                format!("{id}:权重须是不小于1的整数;不参加抽签的请列入“excluded”,不要把权重写成0")
            }
            DrawError::Factors { id, product, weight } => {
                format!("{id}:各因素之积是{product},权重却写着{weight}")
            }
            DrawError::TooHeavy { total } => format!("权重合计{total},须小于4294967296"),
            DrawError::NothingAsked => "“draw”至少是1".to_owned(),
            DrawError::TooFew { asked, there } => format!("要抽{asked}件,抽样框里只有{there}件"),
            DrawError::Seed => "种子须是一行文字,不能为空".to_owned(),
        }
    }
}
