"""What the journal's words, levels, clocks and goals are called when people read them: review sheet and screens."""

from store.nouns import ClockState

DEEDS: dict[str, tuple[str, str]] = {
    "incident_opened": ("事件建立", "incident opened"),
    "incident_reopened": ("事件重开", "incident reopened"),
    "level_raised": ("等级上调", "level raised"),
    "t0_earlier": ("首发时间提前", "an earlier first post was found"),
    "t0_corrected": ("更正首发时间", "time of the event corrected"),
    "clock_started": ("首响计时开始", "first-hour clock started"),
    "clock_breached": ("首响超时", "first hour missed"),
    "clock_met": ("首响计时停止", "first-hour clock stopped"),
    "reminded": ("首响提醒", "reminder"),
    "called": ("呼叫", "people called"),
    "page_accepted": ("呼叫已送达", "page accepted"),
    "page_failed": ("呼叫未送达", "page failed"),
    "acknowledged": ("有人接手", "acknowledged"),
    "ack_expired": ("接手后无动作，重新呼叫", "acknowledgement expired"),
    "passed_on": ("转给下一位", "passed on"),
    "exhausted": ("无人应答", "nobody answered"),
    "draft_prepared": ("草稿备好", "draft prepared"),
    "draft_failed": ("草稿未能生成", "draft failed"),
    "draft_saved": ("文本修改", "text edited"),
    "approved": ("批准", "approved"),
    "approval_voided": ("批准失效", "approval voided"),
    "publication_recorded": ("记录发布", "publication recorded"),
    "promise_made": ("作出承诺", "promise made"),
    "promise_kept": ("承诺兑现", "promise kept"),
    "promise_broken": ("承诺逾期", "promise broken"),
    "fact_added": ("记录事实", "fact noted"),
    "fact_changed": ("事实变更", "fact changed"),
    "level_lowered": ("等级下调", "level lowered"),
    "lowering_asked": ("提议下调等级，等第二个人", "lowering asked, waits for a second person"),
    "contained": ("标为已控制", "contained"),
    "reviewed": ("复盘完成", "reviewed"),
    "merged_in": ("并入了另一事件", "another incident merged in"),
    "merged_away": ("并入另一事件", "merged into another incident"),
    "split_from": ("从另一事件拆出", "split from another incident"),
    "split_off": ("拆出另一件事", "a story was split off"),
    "ack_undone": ("放回，不再处理", "given back"),
    "calls_held": ("呼叫暂缓", "calls held back"),
    "calls_let_go": ("恢复呼叫", "calls let go"),
    "clock_shortened": ("首响时限缩短", "first-hour promise shortened"),
    "clock_cancelled": ("首响计时取消", "first-hour clock cancelled"),
    "page_unverified": ("呼叫已提交，未核实", "page accepted (unverified)"),
    "page_dropped": ("旧呼叫不再发出", "old page dropped"),
    "page_sent_after_all": ("旧呼叫仍然发出", "old page sent after all"),
    "restored": ("恢复后等人决定", "waits for a person after a restore"),
    "inquiry_noted": ("登记来件", "inquiry noted"),
    "inquiry_warned": ("来件将到时限", "inquiry almost due"),
    "inquiry_breached": ("来件超时", "inquiry overdue"),
    "inquiry_answered": ("来件已答复", "inquiry answered"),
    "inquiry_closed": ("来件结束", "inquiry closed"),
    "inquiry_handed_over": ("来件转交", "inquiry handed over"),
    "resolved": ("事件解决", "resolved"),
    "false_alarm": ("误报", "false alarm"),
    "review_written": ("复盘写好", "review written"),
    "job_dead": ("任务失败", "job failed for good"),
    "source_health": ("来源状态变化", "source health changed"),
}

LEVELS = {"blue": "蓝", "yellow": "黄", "orange": "橙", "red": "红", "none": "无"}
MILESTONES = {
    "detect": ("发现（自首发）", "detected (since the event)"),
    "reach": ("首个呼叫送达（自发现）", "first page accepted (since detection)"),
    "acknowledge": ("有人接手（自发现）", "acknowledged (since detection)"),
    "draft": ("草稿备好（自发现）", "draft prepared (since detection)"),
    "approve": ("批准（自首发）", "approved (since the event)"),
    "publish": ("首次公开回应（自首发）", "first public response (since the event)"),
}
CLOCKS = {
    ClockState.MET: ("达成：在承诺时间内完成首次回应", "met: answered within the promised time"),
    ClockState.MET_LATE: ("超时后完成：回应了，但晚于承诺", "met late: answered, but after the promised time"),
    ClockState.BREACHED: ("超时：没有在承诺时间内回应", "breached: not answered within the promised time"),
    ClockState.CANCELLED: ("计时取消", "clock cancelled"),
    ClockState.RUNNING: ("计时仍在走", "the clock still runs"),
    ClockState.NONE: ("未启动计时", "no clock was started"),
}


def deed(what: str, lang: str) -> str:
    """The word people read; an unknown one is shown as it stands, never hidden."""
    zh, en = DEEDS.get(what, (what, what))
    return zh if lang == "zh" else en
