//! Clocks (时钟).
