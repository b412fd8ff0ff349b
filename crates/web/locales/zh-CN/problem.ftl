# 问题页与手工登记

problem-new = 手工登记问题
problem-register = 登记
problem-original-hint = 原文从登记起不再改动。
problem-cells = 文件里的各栏
problem-public-text = 公开文本
problem-public-hint = 对外公示只用这段文字，不用原文。请隐去个人信息和不宜公开的内容。
problem-public-none = 还没有拟定公开文本。
problem-save-public = 保存公开文本
problem-tasks = 整改任务
problem-number = 对应各级编号
problem-save-number = 保存编号
