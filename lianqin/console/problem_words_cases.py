"""The words of every rule that may forbid an act on a case, in both languages."""

from __future__ import annotations

#: code → ((title, detail) in Chinese, (title, detail) in English); details take the parameters.
CASE_WORDS: dict[str, tuple[tuple[str, str], tuple[str, str]]] = {
    # What must come with an act.
    "standard_needed": (
        ("请选择立案条件", "该类别有立案结案标准，立案须注明依据哪一条，时限由此而定。"),
        ("Choose the condition", "This class has standards: name one, the limit comes from it."),
    ),
    "standard_unknown": (
        ("没有该立案条件", "该条件不属于此类别，或今日不在有效期内。"),
        ("Unknown condition", "It is not of this class, or not in force today."),
    ),
    "duty_line_needed": (
        ("请引用权责清单", "回退须注明权责清单的哪一条。"),
        ("Cite the duty list", "Sending back names the line that says whose work it is."),
    ),
    "duty_line_unknown": (
        ("没有该权责条目", "该条目不适用于此类别、此地或今日。"),
        ("Unknown line of the duty list", "It does not hold for this class, place and day."),
    ),
    "found_needed": (
        ("请填写核实结果", "请选择属实或不属实。"),
        ("Say what was found", "Choose whether the problem is there."),
    ),
    "means_needed": (
        ("请选择方式", "现场、视频或电话。"),
        ("Say by what means", "On the spot, by video or by a call."),
    ),
    "means_do_not_fit": (
        ("方式不符", "您的岗位可用：{expected}。"),
        ("Those means do not fit", "Your post may use: {expected}."),
    ),
    "note_needed": (("请填写说明", "此项办理须写说明。"), ("Add a note", "This act needs a note.")),
    "photos_before_needed": (
        ("请附处置前照片", "现场办结须有处置前、处置后照片。"),
        ("Add a photo from before", "Settling on the spot is shown by photos before and after."),
    ),
    "reply_needed": (
        ("请填写给市民的答复", "此来源须答复市民，答复与内部说明分开填写。"),
        ("Write the reply", "This source wants a reply to the citizen, apart from internal notes."),
    ),
    "request_needed": (
        ("请选择申请", "须指明是哪一项申请。"),
        ("Choose a request", "Name the request that this is about."),
    ),
    "task_needed": (
        ("请选择任务", "须指明是哪一项任务。"),
        ("Choose a task", "Name the task that this is about."),
    ),
    "until_needed": (
        ("请填写到哪天", "此项办理须有日期。"),
        ("Say until when", "This act needs a date."),
    ),
    "until_out_of_range": (
        ("日期超出范围", "须晚于今天，且不晚于 {expected}。"),
        ("The date is out of range", "It has to be after today and not after {expected}."),
    ),
    "until_in_the_past": (
        ("日期已过", "请选择今天或以后的日期。"),
        ("The date is past", "Choose today or a later day."),
    ),
    # Taking in.
    "verify_first": (
        ("须先核实", "此来源的上报立案前须核实：请派采集员，或自行视频、电话核实。"),
        ("Verify first", "A report from this source is verified before it is filed."),
    ),
    "own_find_needs_no_verifying": (
        ("无须核实", "巡查、采集和视频发现的问题直接立案。"),
        ("Needs no verifying", "What officers, collectors and cameras found is filed as it is."),
    ),
    "not_found_on_the_spot": (
        ("核实为不属实", "不属实的上报不能立案，请办理不予立案。"),
        ("It was not found", "What was not found on the spot is not filed: reject it."),
    ),
    "filed_elsewhere": (
        ("由上级立案", "此来源由上级平台立案，本中心办理“中心签收”。"),
        ("Filed by its platform", "Sign for it: its own platform files it."),
    ),
    "filed_here": (
        ("由本中心立案", "此来源没有上级工单，请办理“立案”。"),
        ("Filed here", "There is no ticket to sign for: file it."),
    ),
    "settles_as_a_crew": (
        ("只有在岗班组可现场办结", "请以班组成员身份登录，或走上报、立案流程。"),
        ("Only a crew settles on the spot", "Sign in as one of a crew, or report it."),
    ),
    "penalty_needs_two_officers": (
        (
            "本组不能实施处罚",
            "《行政处罚法》第四十二条：须由两名以上执法证有效的执法人员实施；"
            "本组今日有 {officers} 名。可改为教育或责令改正，或上报由中心另派。",
        ),
        (
            "This crew cannot begin a penalty",
            "Law on Administrative Penalties, article 42: it takes two officers with a certificate "
            "in force; the crew has {officers} today. Educate, order to put right, or report it.",
        ),
    ),
    # Sending and handling.
    "not_on_the_duty_list": (
        ("不在权责清单", "权责清单未将此类别在此地交给该单位，请改派，或提请部门。"),
        ("Not on the duty list", "The list gives this class here to others; else request it."),
    ),
    "department_is_a_unit": (
        ("请选择单位", "提请的对象是部门，班组请直接派遣。"),
        ("Choose a unit", "A department is requested; a crew is dispatched."),
    ),
    "has_a_task_already": (
        ("已有任务", "该班组或单位在此案件上已有任务。"),
        ("Has a task already", "That crew or unit works on this case already."),
    ),
    "lead_is_not_withdrawn": (
        ("牵头任务不能撤回", "请撤回协办任务；改换牵头请用回退或指定承办。"),
        ("The lead stays", "A side task can be withdrawn; the lead changes by a ruling."),
    ),
    "no_task": (
        ("没有任务", "此案件上没有可办的任务。"),
        ("No task", "There is no such task on this case."),
    ),
    "task_unknown": (
        ("没有该任务", "任务已结束，或不属于此案件。"),
        ("Unknown task", "It has ended, or belongs to another case."),
    ),
    "task_of_others": (
        ("不是您的任务", "此任务由其他班组或单位承办。"),
        ("Not your task", "It is in the hands of others."),
    ),
    "task_not_in_this_state": (
        ("任务当前状态不能这样办理", "请先签收；已反馈的任务不能再办。"),
        ("The task is not there yet", "Accept it first; what was reported back is done."),
    ),
    "said_already": (
        ("已经登记过", "出发、到场各登记一次。"),
        ("Said already", "Leaving and arriving are said once."),
    ),
    "side_tasks_open": (
        ("协办任务未完", "协办都反馈或撤回后，牵头才能反馈。"),
        ("Side tasks are open", "The lead reports back when those beside have."),
    ),
    "only_the_lead": (
        ("由牵头方办理", "此项只有牵头的班组或单位可以办理。"),
        ("Only the lead", "Only the crew or unit in the lead may do this."),
    ),
    "send_back_window_over": (
        ("已过回退时限", "派出后超过时限不能回退，可提请裁定；裁定前仍由您承办。"),
        ("Too late to send back", "Ask for a ruling; until then it stays with you."),
    ),
    "send_back_limit": (
        ("回退次数已满", "已回退 {limit} 次，可提请裁定；裁定前仍由承办方负责。"),
        ("Sent back often enough", "It was {limit} times: ask for a ruling."),
    ),
    "designation_stands": (
        ("已有裁定", "承办已由同级或上级指定，请照办，或提请上一级裁定。"),
        ("A ruling stands", "Who handles was decided at this level or above."),
    ),
    "designation_is_final": (
        ("裁定为最终", "区联勤办的指定为最终裁定。"),
        ("The ruling is final", "The district has decided who handles."),
    ),
    # Checking and closing.
    "checker_is_drawn": (
        ("核查人已抽取", "核查由抽中的人办理；夜间坐席可视频核查。"),
        ("The checker was drawn", "The check is theirs; at night the desk may look by video."),
    ),
    "night_check_by_video": (
        ("夜间须视频核查", "采集员不在岗的时段，坐席只能以视频核查。"),
        ("By video at night", "While no collector is about, the desk checks by video only."),
    ),
    "closes_at_district": (
        ("由区结案", "此来源的案件由区联勤办结案。"),
        ("Closed by the district", "Cases from this source are closed at the district desk."),
    ),
    "closes_elsewhere": (
        ("由上级结案", "此来源的案件由派件平台结案，本中心不能强制结案。"),
        ("Closed by the sender", "The platform that sent this ticket closes it; we do not."),
    ),
    "settles_own_finds": (
        ("只能现场办结自己发现的", "平台派件和已有案号的案件请走正常流程。"),
        ("Only own finds are settled", "Tickets and cases that have a number go the usual way."),
    ),
    "parts_still_open": (
        ("子案未结", "全部子案办结后，主案才能结案。"),
        ("Parts are open", "The main case closes when its parts have ended."),
    ),
    # Asking and answering.
    "asked_already": (
        ("已有同类申请", "上一项申请答复后才能再提。"),
        ("Asked already", "The request before has to be answered first."),
    ),
    "extended_enough": (
        ("延期次数已满", "最多延期 {limit} 次。"),
        ("Extended often enough", "At most {limit} extensions are granted."),
    ),
    "overdue_already": (
        ("已经超期", "延期须在超期前提出；结案后可申诉。"),
        ("Overdue already", "Ask before the limit; after closing there is the appeal."),
    ),
    "suspended_before": (
        ("已挂过账", "一个案件只能挂账一次。"),
        ("Suspended before", "A case is suspended once."),
    ),
    "appealed_before": (
        ("已申诉过", "一个案件只能申诉一次。"),
        ("Appealed before", "A case has one appeal."),
    ),
    "was_not_overdue": (
        ("没有超期", "只有超期办结的案件可以申诉。"),
        ("It was not overdue", "Only a case that ran over its limit is appealed."),
    ),
    "nothing_to_decide": (
        ("没有待您答复的申请", "此案件上没有您可以答复的申请。"),
        ("Nothing to decide", "No request on this case waits for you."),
    ),
    "request_not_open": (
        ("申请已了结", "该申请已答复、撤回或失效。"),
        ("The request is settled", "It was answered, withdrawn or has lapsed."),
    ),
    "not_your_request": (
        ("不是您的申请", "申请由提出人撤回。"),
        ("Not your request", "Whoever asked may withdraw it."),
    ),
    "asker_decides_nothing": (
        ("不能答复自己的申请", "请由其他有权人员答复。"),
        ("Not your own request", "Somebody else answers it."),
    ),
    "dispute_is_ruled_on": (
        ("以指定承办裁定", "此类申请以“指定承办”裁定，不作批准或驳回。"),
        ("It is ruled on", "Designate who handles: this is neither granted nor refused."),
    ),
    "endorsing_not_needed": (
        ("无须初审", "此类申请只需一级批准。"),
        ("Needs no endorsing", "One level decides this kind of request."),
    ),
    "endorsed_already": (
        ("已初审", "此申请正等待上一级批准。"),
        ("Endorsed already", "It waits for the level above."),
    ),
    "endorse_first": (
        ("须先初审", "先由中心初审，再由上一级批准。"),
        ("Endorse first", "The centre endorses before the level above grants."),
    ),
    "endorser_grants_nothing": (
        ("初审与批准须为两人", "请由另一人批准。"),
        ("Two people", "Whoever endorsed does not grant."),
    ),
    "not_your_level": (
        ("不属您的审批权限", "请由有权的一级答复。"),
        ("Not your level", "Another level answers this request."),
    ),
    # Pressing and relations.
    "not_supervised": (
        ("未被督办", "此案件不在督办之列。"),
        ("Not supervised", "There is no supervision to lift."),
    ),
    "has_a_parent": (
        ("已是子案", "请先解除原来的主案。"),
        ("A part already", "Detach it from its main case first."),
    ),
    "has_no_parent": (
        ("不是子案", "此案件没有主案。"),
        ("Not a part", "There is no main case to detach it from."),
    ),
    "parts_have_no_parts": (
        ("只能有一层子案", "子案之下不能再有子案。"),
        ("One level of parts", "A part has no parts of its own."),
    ),
    "linked_already": (
        ("已关联回潮", "此案件已关联以前的案件。"),
        ("Linked already", "It is linked to an earlier case."),
    ),
    "recurs_of_closed_cases": (
        ("只能关联已结案件", "在办的同类案件请并案。"),
        ("Only of a closed case", "An open twin is joined instead."),
    ),
}
