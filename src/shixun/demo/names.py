"""Names of persons: common surnames by how common they are, given names as their decade gave them."""

from random import Random

from shixun.demo.seeded import Lot
from shixun.people.choices import Sex

_SURNAMES = Lot(
    dict.fromkeys("王李张", 72)
    | dict.fromkeys("刘陈", 50)
    | dict.fromkeys("杨黄赵吴周", 22)
    | dict.fromkeys("徐孙朱马胡郭林何高沈", 14)
    | dict.fromkeys("罗郑梁谢宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚顾陆", 6)
    | dict.fromkeys("姜崔钟谭汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶贺毛郝龚邵万钱严俞戴施倪柳", 3)
    | dict.fromkeys("陈凌庄殷翁季屠盛奚乔岑祁华瞿宣费臧柏虞桑车樊章鲍康洪阮焦庞裴应褚尤卞谈费解柯管单成", 1)
    | dict.fromkeys(("欧阳", "上官", "司徒", "诸葛"), 0.4)
)
_OLDER_FEMALE = "芳敏静丽艳娟霞燕玲红萍梅琴英华兰秀凤云珍桂洁莉蓉琳娜慧"
_OLDER_MALE = "伟强军磊勇杰涛明平刚建国文斌辉鹏华健峰林海东波宁志民龙"
_YOUNGER_FEMALE = "雅婷思佳怡欣悦颖瑶雯琪晨梦雪倩晓韵若菲嘉语彤诗涵蕾妍依宁"
_YOUNGER_MALE = "浩宇轩晨俊逸博子豪嘉泽旭翔昊天睿哲铭凯毅骏鑫霖辰彦一恒"
_FIRST = "文晓志建海永国立春秋正新思德学俊嘉雨亦彦锦若书佳一子慧美玉小雪梦静怡"
_FEMALE_SHARE = {"kindergarten": 0.97, "primary": 0.78, "vocational": 0.58}


def sex_at(stage: str, rng: Random) -> str:
    """Most teachers of small children are women."""
    return Sex.FEMALE if rng.random() < _FEMALE_SHARE.get(stage, 0.66) else Sex.MALE


def name_of(sex: str, born_in: int, rng: Random) -> str:
    """A full name as somebody born in that year might bear it."""
    pool = _pool(sex, born_in)
    last = rng.choice(pool)
    if rng.random() < (0.3 if born_in < 1988 else 0.12):
        return _SURNAMES.draw(rng) + last
    first = rng.choice(_FIRST if rng.random() < 0.6 else pool)
    return _SURNAMES.draw(rng) + (first if first != last else rng.choice(_FIRST)) + last


def _pool(sex: str, born_in: int) -> str:
    if born_in < 1984:
        return _OLDER_FEMALE if sex == Sex.FEMALE else _OLDER_MALE
    return _YOUNGER_FEMALE if sex == Sex.FEMALE else _YOUNGER_MALE
