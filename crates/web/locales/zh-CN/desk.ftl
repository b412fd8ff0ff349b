# 核查台

desk-total = 共 { $count } 件，按办理期限先后排列。核查前先看目标、标准和整改前后照片，再到现场。
desk-empty = 没有等待办理的任务。
desk-files = 材料 { $count } 件
desk-no-result = 没有写明完成情况
desk-no-photos = 没有整改前后的照片。
desk-left = 还剩 { $days } 个工作日
desk-over = 已超 { $days } 个工作日
desk-over-days = 已超 { $days } 天
desk-no-term = 没有办理期限
