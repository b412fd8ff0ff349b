# 导出

export-list = 整改任务清单
export-list-title = { $area }整改任务清单（{ $day }）
export-due-first = 原定时限
export-as-excel = 导出 Excel
export-own-columns = 按来文原列导出
export-dossier = 下载案卷（一问题一档）
export-form = 销号申请表
failure-unwritable = 文件未能生成
failure-unwritable-text = 没有导出任何内容。原因如下。
