# 总览：全区总览、镇街一页、大屏、月度分析，以及图表的标题。标题说出结论。
room-overview = 总览
chart-csv = 下载表格（CSV）
chart-table = 数据表
chart-month = 月份
chart-month-short = { $month }月
chart-january = { $year }年1月
chart-came = 新增
chart-closed = 销号
chart-not-late = 未逾期
chart-trend-note = 近 12 个月，按登记日期和销号日期计；本月尚未结束。
chart-ages-note = 未销号且已过时限的，按过期天数分。
chart-ages-head = 进度
chart-towns-note = 未销号的任务，按属地分；逾期的在前。
chart-boards-note = 已发布的月度榜单得分，按最新勘误。
finding-this-month = 本月
finding-district = 未销号 { $open } 件，{ $late ->
    [0] 没有逾期
   *[other] 逾期 { $late } 件{ $long ->
        [0] {""}
       *[other] ，其中超过 30 天的 { $long } 件
    }
  }
finding-town = { $town }：未销号 { $open } 件，{ $late ->
    [0] 没有逾期
   *[other] 逾期 { $late } 件{ $long ->
        [0] {""}
       *[other] ，其中超过 30 天的 { $long } 件
    }
  }
finding-closed = { $when }{ $now ->
    [0] 没有销号
   *[other] 销号 { $now } 件
  }{ $way ->
    [more] ，比上月多 { $by } 件
    [less] ，比上月少 { $by } 件
    [same] ，与上月持平
    [running] （上月全月 { $before } 件）
   *[first] {""}
  }
finding-ages = { $late ->
    [0] 没有逾期的任务
   *[other] 逾期 { $late } 件{ $long ->
        [0] ，都在 30 天以内
       *[other] ，其中超过 30 天的 { $long } 件
    }
  }
finding-towns = { $how ->
    [none] 各镇街均无逾期
    [one] 逾期最多的是{ $names }，{ $most } 件
    [some] { $names }逾期最多，各 { $most } 件
   *[many] { $tied } 个镇街逾期并列最多，各 { $most } 件
  }
finding-board = { $period } 第 { $rank } 名（{ $of } 个参评）{ $way ->
    [more] ，比上期后退 { $by } 位
    [less] ，比上期前进 { $by } 位
    [same] ，与上期相同
   *[first] {""}
  }
finding-board-unrated = { $period } 不参评
finding-board-none = 还没有发布过榜单
overview-own = 本镇一页
overview-own-scope = 只含与本单位有关的任务。
overview-loop = 闭环各环节
overview-came-year = 今年新增
overview-closed-year = 今年销号
overview-kept = 今年按期办结（共办结 { $of } 件）
overview-not-kept = 今年超期办结
overview-sustained = 长期坚持
overview-long = 逾期超 30 天
overview-source = 来源
overview-towns-note = 逾期多的在前；走势为近 12 个月各月销号数。
overview-spark = { $town }近 12 个月销号：
overview-spark-head = 销号走势
overview-open = 未销号任务
overview-open-none = 没有未销号的任务。
overview-dates = 接下来的日期
overview-dates-none = 45 天内没有到期的事项。
overview-keep = 回头看与长期坚持
overview-keep-none = 没有需要长期坚持的任务。
overview-on = 日期
overview-what = 事项
overview-milestone = 整改节点
overview-measures-none = 没有督办措施。
overview-findings-none = 没有发现。
room-wall = 大屏
finding-listed = { $count ->
    [0] 没有挂牌督办
   *[other] 挂牌督办 { $count } 件
  }
finding-late = { $count ->
    [0] 没有逾期的任务
   *[other] 逾期 { $count } 件，最久的已过 { $days } 天
  }
wall-as-of = 数据截至
wall-stale = 数据已停更
wall-demo = 模拟数据
wall-leave = 退出大屏
wall-numbers = 要紧的数
wall-listed = 挂牌督办
wall-due = 7 日内到期
wall-closed = 本月销号
wall-late-none = 所有任务都在时限之内。
wall-listed-none = 目前没有挂牌督办的任务。
wall-days = 逾期 { $days } 天
wall-answer-by = { $state }，{ $on } 前回复
wall-key-long = ■ 有逾期超 30 天
wall-key-late = ▲ 有逾期
wall-key-calm = ✓ 无逾期
wall-key-numbers = 数字为逾期/未销号
room-review = 月度分析
review-title = { $area }{ $when }整改分析
review-as-of = 按 { $on } 日终的账本统计，以后不再变化；点数字看当时的清单。
review-running = 本月尚未结束，按截至 { $on } 的账本统计。
review-summary = 本月要点
review-stop = 。
review-go = 查看
review-reopened = 反弹重开
review-gentle = 提醒、黄牌、督办函、红牌
review-grave = 约谈、挂牌及以上
review-note-closed = 各月按当月末账本；登记和销号各按其日期。
review-note-open = 各月末仍未销号的任务。
review-note-overdue = 各月末已过时限仍未办结的任务。
review-note-kept = 当月办结、且有时限的任务；按当时有效的时限。
review-note-stations = 月末未销号的任务，按所处环节分。
review-note-pressure = 重开按账本记录，措施按决定日期；已撤回和未采用的不计。
finding-month = { $month } 月
finding-month-year = { $year } 年 { $month } 月
finding-month-end = { $when }末
finding-now = 目前
finding-open = { $when }{ $now ->
    [0] 全部销号
   *[other] 未销号 { $now } 件
  }{ $way ->
    [more] ，比上月末多 { $by } 件
    [less] ，比上月末少 { $by } 件
    [same] ，与上月末持平
   *[first] {""}
  }
finding-overdue = { $when }{ $now ->
    [0] 没有逾期
   *[other] 逾期 { $now } 件
  }{ $way ->
    [more] ，比上月末多 { $by } 件
    [less] ，比上月末少 { $by } 件
    [same] ，与上月末持平
   *[first] {""}
  }
finding-kept = { $finished ->
    [0] { $when }没有办结有时限的任务
   *[other] { $when }办结 { $finished } 件，按期 { $kept } 件（{ $share }%）{ $way ->
        [more] ，比上月提高 { $by } 个百分点
        [less] ，比上月下降 { $by } 个百分点
        [same] ，与上月持平
       *[first] {""}
    }
  }
finding-stations = { $how ->
    [none] 没有未销号的任务
    [one] 停在{ $names }环节的最多，{ $most } 件
    [some] 停在{ $names }环节的最多，各 { $most } 件
   *[many] { $tied } 个环节并列最多，各 { $most } 件
  }
finding-pressure = { $when }{ $reopened ->
    [0] 没有反弹重开
   *[other] 反弹重开 { $reopened } 件
  }，{ $taken ->
    [0] 没有采取督办措施
   *[other] 采取督办措施 { $taken } 项{ $grave ->
        [0] {""}
       *[other] ，其中约谈、挂牌及以上 { $grave } 项
    }
  }
