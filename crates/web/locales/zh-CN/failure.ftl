failure-unreachable = 数据库没有应答
failure-unreachable-text = 目前连接不上数据库，没有写入任何内容。恢复后无需重新登录，请稍后再试；如持续出现，请联系管理员。
