"""Registers the room with Django, its kinds of imports and jobs, and its pages with the frame."""

from django.apps import AppConfig

EVENTS = {
    "project.classified": "给培训项目归类",
    "reported_project.registered": "登记报送项目",
    "reported_project.released": "统一登记项目成绩",
    "training_record.corrected": "更正培训记录",
    "training_records.exported": "导出培训记录",
    "class_results.exported": "下载班级成绩表",
    "paper.issued": "签发证明",
    "paper.revoked": "作废证明",
    "papers.batch_made": "批量制作证明",
    "claim.begun": "开始学分申报",
    "claim.discarded": "删除申报草稿",
    "claim.submitted": "提交学分申报",
    "claim.resubmitted": "补充后再次提交申报",
    "claim.adjusted": "核定学时学分",
    "claim.posted": "认定并登记学分",
    "claim.reversed": "更正已登记的学分",
    "reversal.requested": "申请更正学分",
    "claim_batch.begun": "开始批量申报",
    "claim_batch.changed": "修改批量申报",
    "claim_batch.listed": "修改批量申报的名单",
    "claim_batch.submitted": "提交批量申报",
    "claim_batch.withdrawn": "撤回批量申报",
    "claim_batch.discarded": "删除批量申报",
    "sampling.opened": "发起抽查审核",
    "sampling.faulty": "抽查发现差错",
    "sampling.looked_again": "撤销抽查中的一项，重新核查",
    "sampling.closed": "结束抽查审核",
    "year.opened": "发起年度审核",
    "year.closed": "完成年度审核",
    "year.confirmed": "审定学校的年度核对",
    "year.read": "查收年度审核结果",
    "objection.raised": "对年度学分提出异议",
    "objection.answered": "答复异议",
    "settlement.accepted": "确认跨区结算",
    "settlement.queried": "对跨区结算提出疑问",
    "settlement.answered": "答复跨区结算的疑问",
    "settlement.settled": "跨区结算",
    "settlement.void": "跨区结算因学分更正而取消",
    "settlement.followed": "跨区结算随机构合并转移",
    "settlement.deducted": "已结算的学分更正，转下期抵扣",
    "evidence.stored": "上传佐证材料",
    "evidence.removed": "删去佐证材料",
    "organiser.proposed": "登记新的主办单位",
    "programme.proposed": "登记新的外部项目",
    "register.confirmed": "核对主办单位或外部项目",
    "register.merged": "合并主办单位或外部项目",
}
SUBJECTS = {
    "recognition.classification": "项目归类",
    "recognition.project": "报送项目",
    "recognition.record": "培训记录",
    "recognition.paper": "证明",
    "recognition.claim": "学分申报",
    "recognition.claim_batch": "批量申报",
    "recognition.round": "抽查审核",
    "recognition.year": "年度审核",
    "recognition.settlement": "跨区结算",
    "recognition.reversal": "更正申请",
    "recognition.register": "主办单位、外部项目",
}
PARTS = {
    "year": "年份",
    "state": "状态",
    "grade": "成绩",
    "institution": "培训机构",
    "place": "层级、类别、形式",
    "mode": "方式",
    "dated": "取得日期按",
    "hours_per_credit": "每学分学时（百分之一）",
    "hours_excellent": "优秀学时（百分之一）",
    "hours_pass": "合格学时（百分之一）",
    "organiser": "承办单位",
    "organisation_id": "单位编号",
    "into": "并入",
    "claims": "申报件数",
    "cycle": "周期",
    "recognition.claim_batch:title": "名称",
    "recognition.claim:title": "名称",
    "project": "项目",
    "ground": "更正的原因",
    "added": "加入的人",
    "values": "填写的内容",
    "kept": "保留",
    "withdrawn": "撤回",
    "seen": "已核查",
    "passed": "通过",
    "drawn": "抽取件数",
    "share": "抽取比例（%）",
    "seed": "随机种子",
    "position": "第几件",
    "note": "说明",
    "text": "异议",
    "answer": "答复",
    "remark": "说明",
    "schools": "学校数",
    "school": "学校",
    "lines": "明细条数",
    "verdict": "核对结果",
    "teachers": "教师人数",
    "with_credits": "有学分的人数",
    "met": "达标人数",
    "judged": "应达标人数",
    "home": "教师所在区县",
    "host": "学习所在区县",
    "claim": "申报",
}
VIEWING = ("training_records.exported", "class_results.exported")


class RecognitionConfig(AppConfig):
    name = "shixun.recognition"
    label = "recognition"
    verbose_name = "培训记录"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models are loaded by now, which this needs.
        from shixun.kernel.audit.words import register_values, register_words
        from shixun.ledger.choices import AccountKind
        from shixun.people.frame import person_named
        from shixun.policy.queries.words import claim_kind_named, claim_values_told, credit_place_named
        from shixun.recognition import choices, flow, frame
        from shixun.recognition.actions import following
        from shixun.recognition.certificates.choices import PaperKind

        flow.register()
        following.register()
        frame.register()
        register_words(EVENTS, subjects=SUBJECTS, parts=PARTS, viewing=VIEWING)
        accounts = dict(AccountKind.choices)
        register_values(
            {
                "level": {"national": "国家级"},
                "recognition.claim:kind": claim_kind_named,
                "recognition.claim_batch:kind": claim_kind_named,
                "recognition.claim:place": credit_place_named,
                "recognition.claim_batch:added": person_named,
                "recognition.claim_batch:removed": person_named,
                "recognition.claim_batch:values": claim_values_told,
                "recognition.claim_batch:changed": frame.changed_told,
                "recognition.year:verdict": dict(choices.Verdict.choices),
                "recognition.round:state": dict(choices.RoundState.choices),
                "account": accounts,
                "ledger.account:kind": accounts,
                "recognition.paper:kind": dict(PaperKind.choices),
                "recognition.project:mode": dict(choices.CreationMode.choices),
                "recognition.record:mode": dict(choices.ModeCode.choices),
                "recognition.record:grade": dict(choices.Grade.choices),
                "recognition.record:code": dict(choices.CategoryCode.choices),
                "recognition.classification:code": dict(choices.CategoryCode.choices),
                "recognition.classification:dated": dict(choices.Dated.choices),
                "recognition.register:state": dict(choices.RegisterState.choices),
                "ground": dict(choices.ReversalGround.choices),
            }
        )
