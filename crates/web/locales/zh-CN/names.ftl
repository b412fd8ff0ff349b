# 人员和单位的名称沿革

name-then = { $now }（时名{ $then }）
office-code = 编号
office-formerly = 曾用名
office-former = { $name }（至 { $until }）
office-rename = 更名
office-same-name = 与现在的姓名相同。
office-holds-none = 还没有任过岗位。
intro-office-rename = 更名后，此前办理的记录同时显示当时的姓名，办理责任不变。
field-since = 新名称启用日期
hint-since = 可写 2021.6.30、2021-06-30 或 6月30日；不改名则不起作用
