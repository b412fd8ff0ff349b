# 样式页

guide-title = 样式
guide-intro = 各个部件及其全部状态。数据仅为示例。
guide-tags = 状态标签
guide-tags-words = 形状和文字同时表达，不单靠颜色；标签不可点击。
guide-numbers = 指标
guide-bar = 办理进度条
guide-bar-rest = 没有待办时
guide-chain = 责任链
guide-timeline = 时间线
guide-facts = 要素表
guide-list = 列表
guide-figures = 统计表
guide-empty = 空状态
guide-messages = 提示
guide-form = 表单
guide-form-refused = 有错误的表单
guide-progress = 进行中的工作
guide-pair = 前后对比
guide-buttons = 按钮
guide-cards = 角色卡
guide-pager = 分页与批量
guide-type = 文字
