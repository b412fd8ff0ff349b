# 页面框架、表单与出错页

product = 闭环
frame-skip = 跳到正文
frame-demo = 模拟数据：区划、单位、人员和问题均为虚构
frame-find = 搜索编号、问题、单位
frame-find-go = 搜索
frame-switch-post = 切换岗位
frame-switch = 切换
frame-other-language = English
frame-sign-out = 退出
frame-nav = 主要栏目
frame-nav-first = 常用导航
frame-ledger = 账本 { $size } 条 · 根值 { $root }
frame-printed = { $name } 打印 · { $at }
frame-no-secrets = 请勿录入涉密信息
frame-styleguide = 样式
frame-error-prefix = 错误：

menu-loop = 整改闭环
menu-answer = 责任
menu-paper = 会议与公文
menu-record = 记录
menu-settings = 设置
menu-more = 全部

room-today = 今日
room-tasks = 问题与任务
room-desk = 核查台
room-intake = 收文导入
room-notices = 公示
room-sustain = 长期坚持
room-office = 单位与岗位
room-procedure = 办理程序
room-calendar = 工作日历
room-ledger = 账本
room-accounts = 账号
room-audit = 查阅记录

bar-label = 办理进度
bar-nothing = 目前没有需要您办理的事项。

pager-previous = 上一页
pager-next = 下一页

form-errors = 请先改正以下内容
form-optional = 选填
form-cancel = 取消
form-please-choose = 请选择
form-missing = 此项必须填写。
form-in-row = 第 { $number } 行：{ $sentence }
form-choose = 请从给出的选项中选一项。
form-each = 请逐条填写，不能留空。
form-not-a-date = 不是有效日期。请写成 2021-06-30 或 2021年6月30日。
form-not-a-number = 不是有效数字。
form-not-a-code = 编号不存在或写法不对，请核对后重填。
form-not-degrees = 坐标请填十进制度数，例如 30.3553。
form-milestone-text = 请补写工作内容。
form-milestone-date = 没有可用的日期，请补写完成日期，如 2021-06-30。
form-file-kind = 不支持这种文件。请上传照片、视频、PDF、Word 或 Excel 文件。

failure-home = 回到今日
failure-incident = 事件编号 { $number }。联系管理员时请报此编号。
failure-refused = 现在不能这样办理
failure-refused-text = 办理程序不允许这一步，账本没有任何改动。原因和解决办法如下。
failure-stale = 已有人先办理
failure-stale-text = 您打开页面之后，此任务已有新的办理记录。请看过最新情况再决定，您的操作没有写入账本。
failure-not-found = 找不到此页
failure-not-found-text = 地址有误，或此内容不在您的岗位范围内。
failure-forged = 表单已失效
failure-forged-text = 登录状态已改变或表单不是从本系统打开的。请返回重新打开页面后再提交。
failure-not-a-form = 无法读取提交的内容
failure-not-a-form-text = 提交的内容不是本系统的表单。请从页面上重新提交。
failure-too-large = 内容过大
failure-too-large-text = 提交的内容超过允许的大小，没有保存任何内容。请分批上传或压缩后再试。
failure-unreadable = 文件无法读取
failure-unreadable-text = 没有保存任何内容。原因如下。
failure-other-request = 重复的提交标识
failure-other-request-text = 同一标识已用于另一项提交。请重新打开页面后再办理。
failure-unavailable = 暂时不能写入
failure-unavailable-text = 数据库或磁盘目前不可用。没有写入任何内容，查阅不受影响，请稍后再试。
failure-broken = 系统出错
failure-broken-text = 这不是您的操作造成的，没有写入不完整的内容。请联系管理员。
