"""The English sentences of drills as a Chinese screen says them."""

DRILLS: tuple[tuple[str, str], ...] = (
    (r"Drill #(\d+) is open; end it first\.", r"演练 #\1 还开着，请先结束它。"),
    (
        r"A real crisis is open: incident #(\d+)\. No drill is started now\.",
        r"真实危机进行中：事件 #\1，不能开始演练。",
    ),
    (
        r"A real crisis is open: incident #(\d+)\. Contain it first.*",
        r"真实危机进行中：事件 #\1。先控制住它、结束演练，或勾选“仍然继续”。",
    ),
    (r"real crisis: incident #(\d+) (.*)", r"真实危机：事件 #\1 \2"),
    (r"the real store cannot be read", "读不到真实的库"),
    (r"the service was restarted", "服务重启过"),
    (r"by hand", "由人暂停"),
    (r"The drill is suspended already\.", "演练已经暂停。"),
    (r"The drill is suspended; .*", "演练已暂停，现在不能操作。"),
    (r"The drill runs\.", "演练正在进行。"),
    (r"No drill is open here\.", "现在没有进行中的演练。"),
    (r"A drill runs 1 to 10 times .*", "速度要在 1 到 10 倍之间。"),
    (r"A drill is one of: .*", "请选择演练方式。"),
    (r"A note has (\d+) to (\d+) characters\.", r"记录要写 \1 到 \2 个字。"),
    (r"What is said has (\d+) to (\d+) characters\.", r"要写 \1 到 \2 个字。"),
    (r"Only who plays a reporter or a parent .*", "只有演记者或家长的人能从场外说话。"),
    (r"In a drill nobody says real numbers, .*", "演练中不写真实的号码、邮箱或网址。"),
    (
        r"This is a drill: nothing is posted, .*",
        "这是演练：不真的发布，也不接受真实网址；请用 https://drill.invalid/post。",
    ),
    (r"'(.*)' cannot play '(.*)'; .*", "没有这样的角色安排，请从列表里选。"),
)
