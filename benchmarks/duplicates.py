"""Duplicate check: precision and recall on a made set of 500 true and 5,000 false pairs, and the time of a search.

The set is the same every time. True pairs: one photo cropped, resized, recompressed and lightened; one certificate
number written in two ways; one event under two names; hours that overlap; full days in two cities. False pairs are made
to be hard: certificates of one form for different people, numbers that differ in one digit, sessions of one course.

    python benchmarks/duplicates.py [--share 0.1]
"""

import argparse
import io
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from shixun.recognition.likeness.events import Happening, days_overlap, in_two_cities, is_same_event
from shixun.recognition.likeness.numbers import number_key
from shixun.recognition.likeness.pictures import likeness
from shixun.recognition.likeness.prints import PrintIndex, print_of, views_of

#: How many candidates are compared at most, as when claims come in.
MOST = 64
TRUE = {"photo": 200, "number": 80, "event": 100, "day": 60, "cities": 60}
FALSE = {"photo": 2_000, "number": 800, "event": 1_400, "day": 400, "cities": 400}
TOPICS = (
    *("作业设计", "单元教学", "课堂观察", "班级管理", "心理健康教育", "信息技术应用能力", "命题与评价", "跨学科学习"),
    *("家庭教育指导", "实验教学", "整本书阅读", "项目化学习", "教育科研方法", "师德师风", "新课程标准", "幼小衔接"),
    *("劳动教育", "美育浸润"),
)
SCOPES = (
    *("小学语文", "初中数学", "高中物理", "幼儿园", "小学英语", "初中历史", "高中化学", "中职机械", "特殊教育"),
    "小学体育",
)
Ink = tuple[int, int, int]
Pairs = Iterator[tuple[bool, Callable[[], bool]]]


def paper(form: int, person: int) -> Image.Image:
    """A certificate: the form decides frame, heading and seal, the person where her name, number and text stand."""
    shape, own = random.Random(form), random.Random(10_000 + person)
    made = Image.new("RGB", (960, 680), (250, 247 - form % 7, 238 - form % 11))
    pen = ImageDraw.Draw(made)
    ink = (shape.randrange(90, 190), shape.randrange(30, 120), shape.randrange(20, 80))
    pen.rectangle((24, 24, 936, 656), outline=ink, width=shape.randrange(3, 12))
    glyphs(pen, shape, (300, 70), 9, 34, (140, 20, 20))
    for line in range(5):
        glyphs(pen, shape, (110, 190 + 56 * line), 24, 22, (40, 40, 40))
    glyphs(pen, own, (130, 190), 4, 26, (10, 10, 10))
    glyphs(pen, own, (560, 470), 12, 20, (20, 20, 20))
    glyphs(pen, own, (150, 302), 8, 24, (15, 15, 15))
    x, y = shape.randrange(640, 760), shape.randrange(470, 520)
    pen.ellipse((x, y, x + 130, y + 130), outline=(190, 30, 30), width=9)
    return made


def glyphs(
    pen: ImageDraw.ImageDraw, chance: random.Random, at: tuple[int, int], number: int, size: int, ink: Ink
) -> None:
    """Signs of a few strokes each, on a cleared ground."""
    x, y = at
    pen.rectangle((x - 4, y - 4, x + number * (size + 6), y + size + 4), fill=(250, 247, 238))
    for place in range(number):
        left = x + place * (size + 6)
        for _ in range(5):
            a, b = chance.randrange(size), chance.randrange(size)
            if chance.random() < 0.5:
                pen.line((left, y + a, left + size, y + b), fill=ink, width=3)
            else:
                pen.line((left + a, y, left + b, y + size), fill=ink, width=3)


def photographed(picture: Image.Image, chance: random.Random) -> Image.Image:
    """As a phone sees it: a little turned, with its own light, on some table."""
    wood = (chance.randrange(60, 190), chance.randrange(60, 190), chance.randrange(60, 190))
    table = Image.new("RGB", (1100, 800), wood)
    turned = picture.rotate(chance.uniform(-3, 3), expand=False, fillcolor=wood)
    table.paste(turned, (chance.randrange(20, 120), chance.randrange(20, 100)))
    lit = ImageEnhance.Brightness(table).enhance(chance.uniform(0.8, 1.15))
    return stored(lit.filter(ImageFilter.GaussianBlur(chance.uniform(0, 1.2))), 88)


def again(picture: Image.Image, chance: random.Random) -> Image.Image:
    """The same photo, cut by up to a fifth at each side, resized, lightened, recompressed."""
    width, height = picture.size
    left, top, right, bottom = (chance.uniform(0, 0.2) for _ in range(4))
    cut = picture.crop((int(left * width), int(top * height), int((1 - right) * width), int((1 - bottom) * height)))
    scale = chance.uniform(0.4, 1.2)
    cut = cut.resize((max(64, int(cut.width * scale)), max(64, int(cut.height * scale))))
    return stored(ImageEnhance.Brightness(cut).enhance(chance.uniform(0.88, 1.12)), chance.randrange(35, 90))


def stored(picture: Image.Image, quality: int) -> Image.Image:
    made = io.BytesIO()
    picture.save(made, "JPEG", quality=quality)
    return Image.open(io.BytesIO(made.getvalue())).convert("RGB")


def photo_pairs(true: int, false: int) -> Pairs:
    """Every photo is looked for among the first ones of all pairs, as it would be among all that were ever sent."""
    firsts = [photographed(paper(number % 12, number), random.Random(f"true {number}")) for number in range(true)]
    index = PrintIndex()
    index.add(range(true), [print_of(first) for first in firsts])
    for number, first in enumerate(firsts):
        second = again(first, random.Random(f"again {number}"))
        yield (
            True,
            lambda number=number, first=first, second=second: (
                number in index.near(views_of(second), MOST) and likeness(first, second).is_same
            ),
        )
    for number in range(false):
        chance = random.Random(f"false {number}")
        form = number % 12
        other = form if number % 3 else (form + 1 + number % 11) % 12
        first = photographed(paper(form, 5_000 + number), chance)
        second = photographed(paper(other, 9_000 + number), chance)
        yield False, lambda first=first, second=second: same_photo(first, second)


def same_photo(one: Image.Image, other: Image.Image) -> bool:
    """Both stages: found by its print, then compared."""
    index = PrintIndex()
    index.add([1], [print_of(one)])
    return bool(index.near(views_of(other), 1)) and likeness(one, other).is_same


def number_pairs(true: int, false: int) -> Pairs:
    for place in range(true + false):
        chance = random.Random(f"number {place}")
        plain = f"沪教培2019第{chance.randrange(10**6):06d}号" if place % 2 else f"SJ2019{chance.randrange(10**9):09d}"
        wide = "".join(chr(ord(sign) + 0xFEE0) if sign.isascii() and sign.isalnum() else sign for sign in plain)
        written = chance.choice(
            (plain.lower(), " ".join(plain), plain.replace("2019", "〔2019〕"), f"No. {plain}", wide)
        )
        if place >= true:
            spot = chance.choice([index for index, sign in enumerate(plain) if sign.isdigit()])
            written = plain[:spot] + str((int(plain[spot]) + chance.randrange(1, 9)) % 10) + plain[spot + 1 :]
        yield place < true, lambda plain=plain, written=written: number_key(plain) == number_key(written)


def event_pairs(true: int, false: int) -> Pairs:
    for place in range(true + false):
        chance = random.Random(f"event {place}")
        scope, topic = chance.choice(SCOPES), chance.choice(TOPICS)
        day = date(2019, 1, 7) + timedelta(days=chance.randrange(300))
        name = f"{scope}{topic}专题培训班"
        if place < true:
            other = chance.choice((
                f"2019年{scope}教师{topic}研修", f"{topic}培训（{scope}）", f"示范市{scope}“{topic}”研修班",
                f"关于{scope}{topic}的培训", f"{scope}－{topic} 系列课程", f"2019年度 {scope}{topic}专题研修活动",
            ))  # fmt: skip
        else:
            others = [word for word in TOPICS if word != topic]
            other = chance.choice((
                f"{scope}{chance.choice(others)}专题培训班",
                f"{chance.choice([word for word in SCOPES if word != scope])}{topic}专题培训班",
                f"{scope}{topic}专题培训班（第{chance.randrange(2, 9)}期）",
                f"{chance.choice(SCOPES)}{chance.choice(others)}研修",
            ))  # fmt: skip
        one = Happening(name, day, day + timedelta(days=1), 800)
        two = Happening(other, day, day + timedelta(days=1), 800)
        yield place < true, lambda one=one, two=two: bool(is_same_event(one, two))


def day_pairs(true: int, false: int) -> Pairs:
    for place in range(true + false):
        chance = random.Random(f"day {place}")
        day = date(2019, 1, 7) + timedelta(days=chance.randrange(300))
        hours = chance.choice((400, 600, 800))
        one = Happening("甲", day, day, hours)
        two = Happening("乙", day, day, hours)
        if place >= true:
            later = day + timedelta(days=chance.choice((0, 0, 1, 2)))
            last = later + timedelta(days=chance.choice((0, 20, 60)))
            two = Happening("乙", later, last, 200 if later == last == day else chance.choice((200, 800)))
        yield place < true, lambda one=one, two=two: days_overlap(one, two)


def city_pairs(true: int, false: int) -> Pairs:
    cities = ("杭州", "上海", "南京", "宁波", "舟山", "苏州")
    for place in range(true + false):
        chance = random.Random(f"city {place}")
        day = date(2019, 1, 7) + timedelta(days=chance.randrange(300))
        here, there = chance.sample(cities, 2)
        one = Happening("甲", day, day + timedelta(days=2), 2_400, f"{here}师范大学")
        two = Happening("乙", day + timedelta(days=1), day + timedelta(days=1), 800, there if place < true else here)
        if place >= true and place % 2:
            two = Happening("乙", day + timedelta(days=chance.choice((3, 9))), day + timedelta(days=12), 8_000, there)
        yield place < true, lambda one=one, two=two: in_two_cities(one, two)


PAIRS = {
    "photo": photo_pairs, "number": number_pairs, "event": event_pairs, "day": day_pairs, "cities": city_pairs,
}  # fmt: skip


def measure(share: float) -> None:
    """Precision and recall by ground and in all."""
    total: Counter[str] = Counter()
    for ground, pairs in PAIRS.items():
        found: Counter[str] = Counter()
        begun = time.perf_counter()
        for is_true, check in pairs(round(TRUE[ground] * share), round(FALSE[ground] * share)):
            found[("hit" if check() else "missed") if is_true else ("alarm" if check() else "clear")] += 1
        total += found
        print(f"{ground:8} {line(found)}  {time.perf_counter() - begun:6.1f} s")
    print(f"{'all':8} {line(total)}")


def line(found: Counter[str]) -> str:
    precision = found["hit"] / max(1, found["hit"] + found["alarm"])
    recall = found["hit"] / max(1, found["hit"] + found["missed"])
    pairs = f"true {found['hit'] + found['missed']:4}  false {found['alarm'] + found['clear']:5}"
    return f"{pairs}  precision {precision:.3f}  recall {recall:.3f}"


def measure_search(number: int) -> None:
    """The time to find the candidates of one photo among many; the first of which it was cut from."""
    chance = np.random.default_rng(1)
    first = photographed(paper(1, 1), random.Random(1))
    index = PrintIndex()
    begun = time.perf_counter()
    mine = print_of(first)
    others = chance.integers(0, 1 << 63, size=(number - 1, *mine.shape), dtype=np.uint64)
    index.add(range(number), [*others, mine])
    built = time.perf_counter() - begun
    cut = again(first, random.Random(2))
    begun = time.perf_counter()
    views = views_of(cut)
    looked = time.perf_counter() - begun
    begun = time.perf_counter()
    found = index.near(views, MOST)
    took = time.perf_counter() - begun
    print(
        f"among {number:9,} photos: index built in {built:.2f} s; {looked * 1000:.0f} ms for {len(views):,} views,"
        f" {took * 1000:.0f} ms to look them up; {'found' if number - 1 in found[:1] else 'missed'}"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--share", type=float, default=1.0, help="a part of the set, for a quick look")
    share = parser.parse_args().share
    measure(share)
    for number in (10_000, 100_000, 1_000_000):
        measure_search(number)
