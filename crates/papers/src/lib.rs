//! The paper (文书): bytes to and from the values of the rules. Pure.
