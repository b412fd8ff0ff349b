//! The books (账簿).
