//! Reading (读取).
