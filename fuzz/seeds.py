#!/usr/bin/env python3
"""Makes a first corpus for each fuzz target out of the tests' data. Usage: fuzz/seeds.py; writes fuzz/corpus/."""

import io
import pathlib
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
FIXTURES = ROOT / "tests/import/fixtures"

HEADER = ["编号", "名称", "地址", "经度", "纬度", "开放时间", "设施", "微波炉"]
ROWS = [
    ["a-1", "解放路工会驿站", "解放路1号", "109.508", "18.247", "周一至周五 08:30-12:00,13:00-17:30", "饮水;卫生间=无", "有"],
    ["a-2", "胜利广场驿站", "", "109.51", "18.25", "24小时", "免费饮水、休憩、应急药箱", "×"],
]


def save(target, name, content):
    folder = HERE / "corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())


def zipped(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def xlsx():
    def row(number, cells):
        texts = "".join(f'<c r="{chr(65 + at)}{number}" t="inlineStr"><is><t>{text}</t></is></c>' for at, text in enumerate(cells))
        return f'<row r="{number}">{texts}</row>'

    rows = "".join(row(number, cells) for number, cells in enumerate([HEADER, *ROWS], 1))
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    return zipped({
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{office}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets>'
        "</workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData>'
        '<mergeCells count="1"><mergeCell ref="C2:C3"/></mergeCells></worksheet>',
    })


def ods():
    def row(cells):
        texts = "".join(
            f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>' for text in cells
        )
        return f"<table:table-row>{texts}</table:table-row>"

    space = "urn:oasis:names:tc:opendocument:xmlns"
    rows = "".join(row(cells) for cells in [HEADER, *ROWS])
    content = (
        f'<office:document-content xmlns:office="{space}:office:1.0" xmlns:table="{space}:table:1.0" xmlns:text="{space}:text:1.0">'
        f'<office:body><office:spreadsheet><table:table table:name="a">{rows}'
        '<table:table-row table:number-rows-repeated="1000"><table:table-cell table:number-columns-repeated="9"/></table:table-row>'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    return zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content})


def tables():
    lines = [HEADER, *ROWS]
    for name, separator in [("comma", ","), ("tab", "\t"), ("full", "，")]:
        text = "\n".join(separator.join(f'"{cell}"' if "," in cell else cell for cell in line) for line in lines)
        for encoding in ["utf-8", "gb18030", "utf-16"]:
            save("table", f"{name}-{encoding}", text.encode(encoding))


def features():
    whole = (ROOT / "data/demo_city.geojson").read_text()
    lines = [line.strip().rstrip(",") for line in whole.splitlines() if line.strip().startswith('{"type":"Feature"')]
    if not lines:
        lines = ['{"type":"Feature","id":"a","geometry":{"type":"Point","coordinates":[109.5,18.2]},"properties":{"name":"甲"}}']
    few = lines[:3]
    save("geojson", "few", '{"type":"FeatureCollection","features":[' + ",\n".join(few) + "]}")
    save("jsonl", "few", "\n".join(few))
    save("jsonl", "plain", '{"name":"甲","lon":109.5,"lat":18.2,"hours":"24/7"}\n{"name":"乙","coordinates":[1,2]}\n')
    for number, line in enumerate(few):
        save("station_document", str(number), line)


def prose():
    for target, table in [("hours_prose", "hours_prose.tsv"), ("facilities_prose", "facilities_prose.tsv")]:
        for number, line in enumerate((ROOT / "tests/prose" / table).read_text().splitlines()):
            if line and not line.startswith("#"):
                cells = line.split("\t")
                save(target, str(number), cells[0])
                if target == "hours_prose" and len(cells) > 1:
                    save("opening_hours", str(number), cells[1])


def questions():
    cells = ["109.5,18.25", "(18.25, 109.5)", "POINT(109.5 18.25)", "E109°30′15.2″ N18°15′", "东经109度30分，北纬18度15分", "109.5 18.25"]
    for number, cell in enumerate(cells):
        save("coordinates", str(number), cell)
    queries = [
        "lon=109.5&lat=18.25&radius_m=500&facilities=drinking_water,microwave&open=now&mode=walk&limit=3",
        "lon=109.5&lat=18.25&coord=gcj02&out_coord=bd09&open=2026-11-22T08%3A00%3A00%2B08%3A00&f=csv&lang=zh",
        "line=109.5,18.25;109.51,18.26&distance_m=300&facilities_any=toilet", "standard=ten_ones&f=txt&bbox=109,18,110,19",
    ]
    for number, query in enumerate(queries):
        save("query", str(number), query)


def main():
    tables()
    features()
    prose()
    questions()
    save("xlsx", "one", xlsx())
    save("ods", "one", ods())
    save("xls", "one", (FIXTURES / "stations.xls").read_bytes())
    save("osm_pbf", "city", (FIXTURES / "city.osm.pbf").read_bytes())


if __name__ == "__main__":
    main()
