//! Containers (文件格式).
