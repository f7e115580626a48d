"""Rights and listings made up from a seed: the same seed, the same lines."""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from random import Random

from pypinyin import lazy_pinyin


def _words(text: str) -> Sequence[str]:
    return text.split()


HANZI = (
    "一人大小上下中天地日月山水火土金木石风云雨雪花草树林果米麦竹梅兰菊春夏秋冬东西南北红黄蓝"
    "白黑青绿紫香甜美好乐安康福禄寿喜财宝玉珠银铜铁钢瓷陶丝棉布衣鞋帽包箱车船马牛羊鸡鸭鱼虎"
    "龙凤鹤燕鹰狮象熊兔鹿家国民生心手口目耳头足力气光明亮星辰空海江河湖泉溪岛港城镇村乡街桥门"
    "窗楼园庭阁坊堂馆店铺市场品味道真诚信义仁智勇德和平正直公共同合作联新老古今时代年华盛世永"
    "久长远高低深浅宽厚重轻快慢强健壮丽秀雅清纯净洁素朴华贵富豪王皇帝后妃公主子孙祖宗先贤圣神"
    "仙佛道法术医药方剂丸散膏丹参茸灵芝枣姜椒盐酱醋茶酒油糖蜜面饼糕点心饭菜肉蛋奶豆腐瓜桃李杏"
    "梨橘柚橙柠檬葡萄莓樱荔枝龙眼核桃栗松柏杨柳枫桂荷莲牡丹玫瑰茉莉薄荷百合昌盛兴隆发达顺利通"
    "泰升腾飞跃进步创造建设开拓启航帆舟波涛浪潮汐沙滩岸洲源流长虹彩霞晨曦夕阳晴朗夜梦思念情缘"
    "爱恋怡悦欢欣庆贺祥瑞嘉佳优良精华英杰才俊伟宏博学文书画琴棋诗词歌舞曲影视声音律节奏韵"
)
LEVEL_ONE = "".join(
    bytes((row, cell)).decode("gb2312", "ignore")
    for row in range(0xB0, 0xD8)
    for cell in range(0xA1, 0xFF)
)
"""The 3,755 characters of GB 2312 that are in daily use."""

LATIN = ("nova", "vita", "sol", "lumi", "terra", "aqua", "bel", "mon", "ker", "dan", "ori", "zen")
GOODS = _words(
    "苹果 大米 茶叶 花椒 白酒 蜂蜜 红枣 核桃 面粉 食用油 运动鞋 皮带 女包 手表 面霜 洗发水 童装 "
    "羽绒服 耳机 充电器 电饭煲 保温杯 毛巾 床单 台灯 轮胎 机油 钢笔 书包 帐篷"
)
TRAITS = _words(
    "正品 新款 2026 冬季 加厚 保暖 高档 礼盒装 包邮 特价 网红 同城 直发 批发 家用 便携 大容量 "
    "透气 防滑 耐磨 纯棉 真皮 无糖 有机 农家 手工 老字号 进口 原装 官方 限量 情侣 学生 宝宝 男士 "
    "女士 中老年 送礼 春节 年货 现货 顺丰 一箱 5斤 10斤 500g 2件套 整箱 小包装 独立 精选 特级"
)
CLAUSES = (
    "支持七天无理由退换",
    "坏果包赔",
    "下单后四十八小时内发货",
    "图片均为实物拍摄",
    "尺码偏大请按平时购买",
    "本店承诺假一罚十",
    "偏远地区需补运费",
    "请置于阴凉干燥处保存",
    "开票请联系客服",
    "颜色因光线略有差异",
    "收货后请当面验收",
    "老顾客下单有小礼物",
)
PLACES = _words("杭州 义乌 广州 深圳 成都 西安 兰州 天水 上海 北京 福州 郑州")
SYMBOLS = "*.·-_ ☆/|"
NAMED = 0.08

Line = Mapping[str, object]


def rights(count: int, seed: int, characters: str = HANZI) -> Iterator[Line]:
    """Names of 2 to 5 such Hanzi, one in ten with a Latin name too; trademarks and GIs mixed."""
    chance = Random(f"rights-{seed}")
    for number, name in enumerate(_names(chance, count, characters)):
        kind = "gi" if chance.random() < 0.3 else "trademark"
        line: dict[str, object] = {"id": f"right-{number}", "name": name, "kind": kind}
        line["goods"] = chance.sample(GOODS, chance.randint(1, 3))
        line["class"] = [chance.randint(1, 45)]
        if kind == "gi":
            line["region"] = {"name": f"{chance.choice(PLACES)}市", "codes": ["620500"]}
        if chance.random() < 0.1:
            line["latin"] = ["".join(chance.choices(LATIN, k=2)).title() + str(number)]
        yield line


def _names(chance: Random, count: int, characters: str) -> Iterator[str]:
    """Each once; lengths as on a city's list: few of two characters, most of three and four."""
    made: set[str] = set()
    while len(made) < count:
        length = chance.choices((2, 3, 4, 5), weights=(15, 35, 35, 15))[0]
        name = "".join(chance.choices(characters, k=length))
        if name not in made:
            made.add(name)
            yield name


def names(count: int, seed: int, characters: str = HANZI) -> Sequence[str]:
    """All names of those rights, Latin ones too."""
    return tuple(
        name
        for line in rights(count, seed, characters)
        for name in (str(line["name"]), *map(str, line.get("latin", ())))  # type: ignore[call-overload]  # a list where it is there
    )


def listings(
    count: int, seed: int, known: Sequence[str], named: float = NAMED, characters: str = HANZI
) -> Iterator[Line]:
    """Offers with titles of some 23 characters; the share `named` holds a name, half disguised."""
    chance = Random(f"listings-{seed}")
    for number in range(count):
        yield {
            "id": str(number),
            "title": _title(chance, known, named, characters),
            "platform": "synthetic",
            "price": round(chance.uniform(5, 900), 2),
            "description": "，".join(chance.sample(CLAUSES, 6)) + "。",
            "shop": {"name": chance.choice(PLACES) + chance.choice(TRAITS) + "店"},
            "seen_at": "2026-11-20T08:00:00+08:00",
        }


def _title(chance: Random, known: Sequence[str], named: float, characters: str) -> str:
    words = [chance.choice(TRAITS) for _ in range(7)]
    words.insert(3, chance.choice(GOODS))
    dice = chance.random()
    if dice < named:
        name = chance.choice(known)
        words[2] = name if dice < named / 2 else disguised(chance, name, characters)
    return "".join(words)


def disguised(chance: Random, name: str, characters: str) -> str:
    """The name with a symbol inside it, or with one character exchanged for one of its sound."""
    place = chance.randrange(len(name))
    alike = _by_sound(characters).get(lazy_pinyin(name[place])[0], "")
    if place == 0 or (alike and chance.random() < 0.5):
        return name[:place] + chance.choice(alike or "*") + name[place + 1 :]
    return name[:place] + chance.choice(SYMBOLS) + name[place:]


@cache
def _by_sound(characters: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for character in characters:
        sound = lazy_pinyin(character)[0]
        found[sound] = found.get(sound, "") + character
    return found


def write(path: Path, lines: Iterator[Line]) -> Path:
    """The lines as JSON Lines, one by one: memory stays flat."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    return path
