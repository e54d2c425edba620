"""Why somebody leaves, and which of her details a person may ask to have corrected."""

from django.db.models import TextChoices


class DepartureKind(TextChoices):
    RETIRED = "retired", "退休"
    RESIGNED = "resigned", "辞职或解聘"
    LEFT_REGION = "left_region", "调往本地区以外"
    DIED = "died", "去世"
    OTHER = "other", "其他"


class Detail(TextChoices):
    """What a person may ask to have corrected; numbers are kept apart, since the trail shows them masked."""

    NAME = "name", "姓名"
    SEX = "sex", "性别"
    BORN_ON = "born_on", "出生日期"
    ENTERED_ON = "entered_on", "入职日期"
    TITLE = "title", "职称"
    STAGE = "stage", "学段"
    SUBJECT = "subject", "学科"
    TEACHER_NUMBER = "teacher_number", "教师号"
    CONTINUING_NUMBER = "continuing_number", "继续教育号"
    ID_CARD = "id_card", "居民身份证号"


#: Details of the person herself; the others belong to her main appointment or are numbers.
FACTS = (Detail.NAME, Detail.SEX, Detail.BORN_ON, Detail.ENTERED_ON)
APPOINTED = (Detail.TITLE, Detail.STAGE, Detail.SUBJECT)
NUMBERS = (Detail.TEACHER_NUMBER, Detail.CONTINUING_NUMBER, Detail.ID_CARD)
#: What credits, titles or identity hang on: the district confirms it after the school.
WEIGHTY = frozenset({Detail.NAME, Detail.BORN_ON, Detail.ENTERED_ON, Detail.TITLE, Detail.ID_CARD})
