"""Registers the room with Django, its kinds of imports and jobs, and its pages with the frame."""

from django.apps import AppConfig

EVENTS = {
    "project.classified": "给培训项目归类",
    "reported_project.registered": "登记报送项目",
    "reported_project.released": "统一登记项目成绩",
    "training_record.corrected": "更正培训记录",
    "training_records.exported": "导出培训记录",
    "class_results.exported": "下载班级成绩表",
}
SUBJECTS = {
    "recognition.classification": "项目归类",
    "recognition.project": "报送项目",
    "recognition.record": "培训记录",
}
PARTS = {"year": "年份", "state": "状态", "grade": "成绩", "institution": "培训机构"}
VIEWING = ("training_records.exported", "class_results.exported")


class RecognitionConfig(AppConfig):
    name = "shixun.recognition"
    label = "recognition"
    verbose_name = "培训记录"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models are loaded by now, which this needs.
        from shixun.kernel.audit.words import register_words
        from shixun.recognition import frame

        frame.register()
        register_words(EVENTS, subjects=SUBJECTS, parts=PARTS, viewing=VIEWING)
