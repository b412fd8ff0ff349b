# 日历公布后核定期限

dates-title = { $year } 年日历公布后变动的期限
dates-intro = 以下期限在放假安排公布前推算，按公布的安排重算后有变动。核定后以新期限为准，原期限保留在记录中。人工改定过的期限不在此列。
dates-none = 没有需要核定的期限。
dates-adopt = 核定
dates-moved = 原推算与重算
dates-go = 核定所选期限
dates-done = 已核定 { $count } 项任务的期限，每项记入账本一条。
dates-more = 继续查看后面的任务
dates-open = 查看需要核定的期限
dates-tentative = 待核
date-of-step = 当前环节期限
date-of-deadline = 整改时限
date-of-sustain = 下次长期坚持检查
act-redated = 核定期限
job-list = 导出清单
job-stage-rows = 读取清单……
job-stage-writing = 写成 Excel……
