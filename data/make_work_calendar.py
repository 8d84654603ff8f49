#!/usr/bin/env python3
"""Makes data/work_calendar.json from the registry package `chinese-days` (npm, MIT).

    npm pack chinese-days@1.5.7
    python3 data/make_work_calendar.py chinese-days-1.5.7.tgz

A year is taken over only when the State Council's notice for it is in NOTICES below, because a package can
list a year before the notice is published. To add a year: take a package version that covers it, add the
notice, compare the printed counts with the notice, and commit the new file.
"""

import json
import sys
import tarfile
from pathlib import Path

PACKAGE = "chinese-days 1.5.7 (npm, MIT), dist/chinese-days.json"
FIRST_YEAR = 2023
NOTICES = {
    2023: "http://www.gov.cn/zhengce/zhengceku/2022-12/08/content_5730844.htm",
    2024: "https://www.gov.cn/zhengce/zhengceku/202310/content_6911528.htm",
    2025: "https://www.gov.cn/zhengce/zhengceku/202411/content_6986383.htm",
    2026: "https://www.gov.cn/zhengce/zhengceku/202511/content_7047091.htm",
}
# The package shortens three names.
FULL_NAMES = {"清明": "清明节", "端午": "端午节", "中秋": "中秋节"}


def read_package(path):
    """Returns {date: "english,chinese,days"} for days off and for make-up workdays."""
    with tarfile.open(path) as package:
        document = json.load(package.extractfile("package/dist/chinese-days.json"))
    return document["holidays"], document["workdays"]


def entries(days, kind):
    """Yields one calendar entry for each date in a year that has a notice."""
    for date, label in days.items():
        if int(date[:4]) in NOTICES:
            name = label.split(",")[1]
            yield {"date": date, "kind": kind, "name": FULL_NAMES.get(name, name)}


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: make_work_calendar.py chinese-days-VERSION.tgz")
    days_off, workdays = read_package(sys.argv[1])
    days = sorted(
        [*entries(days_off, "day_off"), *entries(workdays, "make_up_workday")],
        key=lambda entry: entry["date"],
    )
    last_year = max(NOTICES)
    head = {
        "title": "Statutory days off and make-up workdays of mainland China",
        "origin": PACKAGE,
        "licence": "MIT (selection and form); the dates are facts from the notices",
        "first_day": f"{FIRST_YEAR}-01-01",
        "last_day": f"{last_year}-12-31",
        "notices": [
            {"title": f"国务院办公厅关于{year}年部分节假日安排的通知", "url": url}
            for year, url in NOTICES.items()
        ],
    }
    # One entry a line keeps a new year readable in a diff.
    text = json.dumps(head, ensure_ascii=False, indent=2).removesuffix("\n}")
    lines = ",\n".join("    " + json.dumps(day, ensure_ascii=False) for day in days)
    target = Path(__file__).with_name("work_calendar.json")
    target.write_text(f'{text},\n  "days": [\n{lines}\n  ]\n}}\n', encoding="utf-8")
    for year in NOTICES:
        of_year = [day["kind"] for day in days if day["date"].startswith(str(year))]
        off, work = of_year.count("day_off"), of_year.count("make_up_workday")
        print(f"{year}: {off} days off, {work} make-up workdays")


if __name__ == "__main__":
    main()
