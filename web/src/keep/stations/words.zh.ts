// Every Chinese word of the part that keeps stations. `StationWords` is its shape, so that none is missing in English.
import type { Datum, FacilityState, Status } from "../../shared/types";
import type { MapApp, Part } from "./draft";

const parts: Record<Exclude<Part, `${string}.${string}`>, string> = {
  name: "名称", aliases: "别名", address: "地址", district: "区", adcode: "区划代码", host: "场所类别", audience: "服务对象", status: "状态",
  location: "位置", hours: "开放时间", hours_text: "开放时间原文", floor_area_m2: "面积（平方米）", seats: "座位数", opened_on: "启用日期",
  operator: "运营单位", phone: "电话", photos: "照片", source: "资料来源", verified_at: "核实日期",
};
const states: Record<FacilityState, string> = { yes: "有", no: "没有", unknown: "不清楚", out_of_order: "坏了" };
const statuses: Record<Status, string> = { planned: "规划中", open: "在用", suspended: "暂停", closed: "已关闭" };
const datums: Record<Datum, string> = { wgs84: "WGS-84", gcj02: "GCJ-02", bd09: "BD-09" };
const datumHelp: Record<Datum, string> = { wgs84: "GPS、天地图", gcj02: "高德、腾讯、微信", bd09: "百度" };
const mapApps: Record<MapApp, string> = { amap: "高德地图", baidu: "百度地图", tencent: "腾讯地图" };
const kinds: Record<string, string> = { load: "载入", edit: "编辑", import: "导入", undo: "撤销", ticket: "反馈处理", inspection: "巡查" };
const whats: Record<string, string> = { created: "新建", changed: "修改", removed: "删除" };
const results: Record<string, string> = { pass: "合格", fail: "不合格", unknown: "没有看" };

export const zh = {
  parts, states, statuses, datums, datumHelp, mapApps, kinds, whats, results,
  listings: { yes: "能找到", no: "找不到", unknown: "不清楚" } as Record<string, string>,
  unknown: "不清楚", notStated: "没有写明", never: "没有核实过", none: "无",
  // The table.
  listHeading: "站点", newStation: "新建站点", search: "查找", searchHint: "名称、编号、地址、区、运营单位、电话",
  filters: "筛选", filtersOn: (count: number) => `筛选（${count} 项）`,
  anyStatus: "所有状态", anyHost: "所有场所", districtHint: "所有区；区名或 6 位代码", facilityLabel: "设施",
  includeUnknown: "也列出不清楚的", clearFilters: "清除条件",
  tableCaption: "站点表", columnName: "名称", columnId: "编号", columnStatus: "状态", columnHours: "开放时间", columnVerified: "核实日期", columnRevision: "版本",
  counted: (matched: number, first: number, last: number) => (matched === 0 ? "没有符合条件的站点。" : matched <= last && first === 1 ? `共 ${matched} 个站点。` : `共 ${matched} 个站点，这里是第 ${first}–${last} 个。`),
  sortsPage: "点表头只排这一页。", nextPage: "下一页", previousPage: "上一页", pages: "翻页", asking: "正在查询…",
  // One station.
  back: "返回列表", views: "这个站点的各部分", viewRecord: "资料", viewHistory: "修改历史", viewInspections: "巡查和使用", viewPoster: "二维码",
  idIs: (id: string) => `编号 ${id}`, revisionIs: (revision: number, at: string) => `第 ${revision} 版${at === "" ? "" : `，${at}`}`,
  noSuchStation: (id: string) => `没有编号为“${id}”的站点，可能已经删除。修改历史还在。`, seeHistory: "看修改历史",
  readOnly: "您的令牌只能查看，不能修改。",
  newHeading: "新建站点", newIdLabel: "编号（可不填，由系统生成）",
  // The form.
  groupBasic: "基本资料", groupPlace: "位置", groupHours: "开放时间", groupFacilities: "设施", groupDetails: "其他资料", groupMaps: "在地图软件里能不能找到", groupSource: "来源与核实", groupSave: "保存",
  required: "必填", aliasesHint: "一行一个", photosHint: "以 https:// 开头的网址，一行一个，最多 10 个", adcodeHint: "6 位数字", chooseHost: "不清楚",
  hoursHint: "OSM 写法，如 Mo-Fr 08:30-17:30; PH off；也可以写中文，如 周一至周五 8:30-17:30。不写就是不清楚，不会当成全天。",
  hoursTextHint: "照抄门口或文件上的话。改了上面的时间，请把这里也改过来。",
  hoursWeek: "系统这样理解已保存的时间：", hoursNone: "已保存的资料没有写明时间。", hoursChanged: "改动还没有保存；保存后这里会更新。",
  facilityNote: (text: string) => `${text}；改了就不再保留`,
  noted: (source: string | null, day: string | null) => [source, day === null ? null : `${day} 核实`].filter((part) => part !== null).join("，"),
  lonLabel: "经度", latLabel: "纬度", datumLabel: "这两个数用的坐标系", datumChoose: "请先选坐标系：同样的数，在不同坐标系里差几百米。",
  datumNow: (datum: string) => `上面的数是 ${datum} 坐标。拖动图钉、点地图或用方向键，数字跟着变，坐标系不变。`,
  datumSwitched: "换坐标系时数字不变，图钉会移到新的位置。",
  originalIs: (lon: string, lat: string, datum: string) => `登记的原始坐标：${lon}, ${lat}（${datum}）`, geocodedBy: (provider: string) => `由 ${provider} 按地址找到，还没有人核对`,
  wgsIs: (lon: string, lat: string) => `换算成 WGS-84：${lon}, ${lat}`,
  mapLabel: "位置地图。方向键移动地图，加减键缩放；图钉可以用 Tab 键选中，再用方向键移动。", pinLabel: "站点的位置：可以拖动，也可以用方向键移动", pinFixed: "站点的位置",
  mapLoading: "正在打开地图…", mapFailed: "地图没有打开。可以直接填写坐标。", mapHint: "点地图放图钉。没有选坐标系时，从地图上取的数按 WGS-84 填写。",
  whyLabel: "为什么改", whyHint: (left: number) => (left >= 0 ? `记入修改历史，可不填，还能写 ${left} 个字。` : `超出 ${-left} 个字，最多 200 个字。`),
  save: "保存", create: "新建", saving: "正在保存…", discard: "放弃修改", unsaved: "有修改没有保存", noChange: "没有改动。",
  saved: (revision: number) => `已保存，第 ${revision} 版。`, created: (name: string) => `已新建“${name}”。`, removed: (name: string) => `已删除“${name}”。`,
  problemsHeading: (count: number) => `有 ${count} 处要改：`, needName: "请填写名称。", needLon: "请填写经度：-180 到 180 之间的数。", needLat: "请填写纬度：-90 到 90 之间的数。", needDatum: "请选择坐标系。", whyTooLong: "理由最多 200 个字。",
  similarHeading: "附近已经有相似的站点", similarHint: "先看看是不是同一个。确实是另一个，再照样新建。",
  similar: (distance: string, ground: string) => `${distance}，${ground}`, grounds: { beside: "位置相邻", similar_name: "名称相似", other_system: "另一个体系里的同一处" } as Record<string, string>,
  saveAllTheSame: "是另一个站点，照样新建", idTaken: (name: string) => `这个编号已经是“${name}”的了。`,
  leaveUnsaved: "有修改还没有保存。要离开吗？",
  remove: "删除站点…", removeHeading: "删除这个站点？", removeHint: "删除后所有查询都不再有它；修改历史会留下，可以在那里撤销。站点停用请改状态，不要删除。", removeYes: "确定删除", removeNo: "不删除",
  removedMeanwhile: "这个站点刚刚被别人删除了。您填写的内容还在这里，但没有地方可存；可以到修改历史里撤销那次删除。",
  changedMeanwhile: "您打开以后，别人改过这个站点。请重新载入，看过再决定。", reload: "重新载入",
  // Somebody else saved first.
  conflictHeading: "别人先保存了", conflictWho: (who: string, at: string, revision: number) => `${who}在${at}保存了第 ${revision} 版。`, conflictWhy: (why: string) => `理由：${why}`,
  conflictHint: "下面是不一样的地方。逐项选择留哪一个，然后再保存。", conflictPart: "项目", theirs: "现在登记的", yours: "您填写的", bothChanged: "两边都改了，请选择", onlyTheirs: "只有对方改了", onlyYours: "只有您改了",
  takeAllTheirs: "全部用现在登记的", takeAllYours: "全部用我填写的", saveChosen: "按选择保存", backToForm: "回到表单", conflictLeft: (count: number) => `还有 ${count} 项没有选。`, nothingLeft: "选下来与现在登记的一样，没有要保存的。",
  // History.
  historyHeading: "修改历史", historyEmpty: "没有修改记录。", historyRevision: (revision: number) => `第 ${revision} 版`, historyBy: (who: string, at: string) => `${who}，${at}`, whyWas: "理由：",
  changesCaption: (revision: number) => `第 ${revision} 版改了什么`, changedField: "项目", before: "改前", after: "改后", changesCount: (count: number) => `${count} 项内容`, noFieldChanges: "没有字段变化（可能只是备注）。", more: "更早的",
  synthetic: "合成示例",
  undo: "撤销这一版", undoHeading: (revision: number) => `撤销第 ${revision} 版？`, undoHint: "这一版涉及的所有站点都会恢复成之前的样子（导入的一版可能有很多站点），并记为新的一版。", undoYes: "确定撤销", undoNo: "不撤销", undone: (undone: number, revision: number) => `第 ${undone} 版已撤销，记为第 ${revision} 版。`,
  laterHeading: "不能撤销：之后还有修改", laterHint: "撤销会丢掉这些修改。请先撤销它们：", laterEdit: (revision: number, id: string, who: string, at: string, kind: string) => `第 ${revision} 版 · ${id} · ${kind} · ${who}，${at}`,
  // Inspections and visits.
  visitsHeading: "使用情况", visits: (count: number, days: number) => `最近 ${days} 天 ${count} 次使用`, visitsInAll: (count: number) => `累计 ${count} 次`, visitsChart: (days: number) => `最近 ${days} 天每天的使用次数`, ticketsOpen: (open: number, acknowledged: number) => `反馈：${open} 条待处理，${acknowledged} 条处理中`, visitsByDay: "逐日次数", columnDay: "日期", columnVisits: "次数",
  inspectionsHeading: "巡查", inspectionsEmpty: "还没有巡查记录。", newInspection: "填写巡查", inspectionDate: "巡查日期", inspector: "由谁巡查（写身份，不必写姓名）", inspectorShort: "由谁巡查", needInspector: "请写明由谁巡查，写身份就可以。", inspectorHint: "如 区总工会检查员", standard: "对照的标准", itemsHeading: "逐项结果", itemState: "设施现状", itemRemark: (item: string) => `${item}：备注`, remark: "备注", remarkWhole: "总的备注（可不填）", handIn: "提交巡查", handingIn: "正在提交…", handedIn: "巡查已记下。", verifiedMoved: (day: string) => `核实日期改为 ${day}。`,
  suggestionsHeading: "与资料不一致，请决定要不要改：", suggestion: (facility: string, recorded: string, suggested: string) => `${facility}：资料写“${recorded}”，巡查是“${suggested}”`, adopt: (facility: string, state: string) => `把${facility}改为“${state}”`, adopted: "已填进表单，检查后保存。",
  inspectionBy: (who: string, at: string) => `${who}提交于 ${at}`, counts: (pass: number, fail: number, unknown: number) => `合格 ${pass} 项，不合格 ${fail} 项，没有看 ${unknown} 项`, item: "项目", result: "结果", cancel: "取消", leaveOut: "没有填写",
  // The poster.
  posterHeading: "二维码", posterHint: "扫码打开这个站点的页面。", posterAddress: "码里的网址", downloadSvg: "下载 SVG", print: "打印海报（A6）", qrLabel: (name: string) => `“${name}”的二维码`, scanMe: "扫码看开放时间、设施和路线", posterHours: "开放时间", posterFacilities: "设施", posterNoAddress: "地址没有写明", posterTop: "户外劳动者服务站点",
  localWarning: "这个网址只在本机能打开。请用对外的网址打开管理页，再打印。",
};

export type StationWords = typeof zh;
