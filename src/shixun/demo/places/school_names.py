"""Names of schools nobody has, each once in a region."""

from collections.abc import Iterator
from random import Random

_FIRST = "澄知明听云汇启景怀立思望清和润沐映晓宁拾"
_SECOND = "心远礼涛起渊林澜行秋舟野泽微川禾棠溪石桥"
_ENDINGS = {
    "kindergarten": ("幼儿园", "实验幼儿园", "艺术幼儿园"),
    "primary": ("小学", "第二小学", "实验小学", "路小学"),
    "lower_secondary": ("初级中学", "中学", "实验中学"),
    "upper_secondary": ("高级中学", "中学"),
    "nine_year": ("学校", "实验学校", "外国语学校"),
    "vocational": ("职业技术学校", "信息技术学校", "商贸旅游学校"),
}


class SchoolNames:
    """Draws names from the pool; the same word serves one school only."""

    def __init__(self, rng: Random) -> None:
        words = [first + second for first in _FIRST for second in _SECOND]
        rng.shuffle(words)
        self._words: Iterator[str] = iter(words)
        self._rng = rng

    def next_for(self, place: str, stage: str) -> str:
        ending = self._rng.choice(_ENDINGS[stage])
        return f"{place}{next(self._words)}{ending}"
