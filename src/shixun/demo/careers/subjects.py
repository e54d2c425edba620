"""What is taught at each stage, by how many teach it."""

from random import Random

from shixun.demo.seeded import Lot

_COMMON = {"语文": 9, "数学": 8, "英语": 7, "体育与健身": 4, "音乐": 2, "美术": 2, "信息科技": 1.5}
_SECONDARY = _COMMON | {"物理": 4, "化学": 3, "生命科学": 2, "历史": 2, "地理": 2, "道德与法治": 2, "心理健康": 1}
_SUBJECTS = {
    "kindergarten": Lot({"学前教育": 1}),
    "primary": Lot(_COMMON | {"自然": 2, "道德与法治": 2, "劳动技术": 1, "心理健康": 0.7}),
    "lower_secondary": Lot(_SECONDARY),
    "upper_secondary": Lot(_SECONDARY),
    "nine_year": Lot(_SECONDARY | {"自然": 1.5}),
    "vocational": Lot(
        {
            "语文": 3,
            "数学": 3,
            "英语": 3,
            "数控技术应用": 4,
            "电子商务": 4,
            "会计": 3,
            "酒店服务与管理": 3,
            "汽车运用与维修": 3,
            "护理": 2,
            "动漫与游戏制作": 2,
            "体育与健康": 2,
        }
    ),
}


def subject_at(stage: str, rng: Random) -> str:
    """A subject for a teacher of a stage; colleges take any secondary one."""
    return _SUBJECTS.get(stage, _SUBJECTS["lower_secondary"]).draw(rng)
