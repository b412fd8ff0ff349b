failure-unreachable = 数据库没有应答
failure-unreachable-text = 目前连接不上数据库，没有写入任何内容。恢复后无需重新登录，请稍后再试；如持续出现，请联系管理员。
failure-past = 这是往日的账，只能看
failure-past-text = 办理只能在今天进行，刚才的提交没有写入任何内容。请先点页面上方“回到今天”，再办理。
failure-before-the-books = 那天还没有账
failure-before-the-books-text = 您选的日期早于账本的第一条记录。请回到今天，或另选一天。
