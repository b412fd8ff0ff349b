//! Deadlines (时限).
