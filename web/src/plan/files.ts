// The planner's own files, and what can be taken away from the page.
import { type Ask, askBlob } from "../shared/ask";
import { byId, make, say } from "../shared/dom";
import { language } from "../shared/language";
import { gapParameters } from "./answers";
import { keep } from "../shared/save";
import { count } from "./format";
import { bodyOf, type Desk, type Page, shapeOf } from "./page";
import { coverageParameters, hoursParameters } from "./question";
import { readUpload, UploadError, type UploadKind } from "./uploads";
import { planWords } from "./words";

interface Export { id: string; text: string; file: string; ask: (page: Page) => Omit<Ask, "signal"> }

/** What the panel needs besides the page. */
export interface FileHost {
  /** Makes the picture of the map; null without a map. */
  picture: () => Promise<Blob | null>;
  problem: (error: unknown) => void;
}

function exportsOf(): Export[] {
  const w = planWords();
  const coverage = (more: Record<string, string>) => (page: Page): Omit<Ask, "signal"> =>
    ({ path: "/v1/coverage", query: { ...coverageParameters(page.question, language()), ...more }, body: bodyOf(page) });
  const gaps = (f: string) => (page: Page) => ({ path: "/v1/coverage/gaps", query: { ...gapParameters(page), limit: "1000", f }, body: bodyOf(page) });
  return [
    { id: "geojson", text: w.exportGeoJson, file: "coverage.geojson", ask: (page) => coverage({ f: "geojson", shape: shapeOf(page) })(page) },
    { id: "gaps-geojson", text: w.exportGapsGeoJson, file: "gaps.geojson", ask: gaps("geojson") },
    { id: "csv", text: w.exportCsv, file: "coverage-districts.csv", ask: coverage({ f: "csv", table: "districts" }) },
    { id: "facilities-csv", text: w.exportFacilitiesCsv, file: "coverage-facilities.csv", ask: coverage({ f: "csv", table: "facilities" }) },
    { id: "cells-csv", text: w.exportCellsCsv, file: "coverage-places.csv", ask: coverage({ f: "csv", table: "cells" }) },
    {
      id: "hours-csv", text: w.exportHoursCsv, file: "coverage-hours.csv",
      ask: (page) => ({ path: "/v1/coverage/by-hour", query: { ...hoursParameters(page.question, language()), f: "csv" }, body: bodyOf(page) }),
    },
    { id: "gaps-csv", text: w.exportGapsCsv, file: "gaps.csv", ask: gaps("csv") },
  ];
}

/** Writes the panel. */
export function writeFiles(desk: Desk, host: FileHost): void {
  const w = planWords();
  const said = make("p", { class: "hint", id: "exported", role: "status" });
  const export_ = async (file: string, bytes: () => Promise<Blob | null>) => {
    try {
      const blob = await bytes();
      if (blob === null) throw new Error(w.pngWithoutMap);
      keep(named(file, desk.page), blob);
      say(said, w.exported(named(file, desk.page)));
    } catch (error) {
      host.problem(error);
    }
  };
  const button = (id: string, text: string, act: () => void) => {
    const made = make("button", { type: "button", class: "button", id: `export-${id}` }, text);
    made.addEventListener("click", act);
    return made;
  };
  byId("panel-files").replaceChildren(
    make("h3", {}, w.exports), make("p", { class: "hint" }, w.exportsHint),
    make("div", { class: "buttons" },
      button("png", w.exportPng, () => void export_("map.png", host.picture)),
      ...exportsOf().map(({ id, text, file, ask }) => button(id, text, () =>
        void export_(file, () => askBlob({ ...ask(desk.page), signal: new AbortController().signal })))),
      reportLink(desk.page)),
    make("p", { class: "hint" }, w.reportHint), said,
    make("h3", {}, w.ownFiles), make("p", { class: "hint" }, w.ownFilesHint),
    upload("demand", w.demandFile, ".geojson,.json,.csv,.tsv,.txt", desk), upload("districts", w.districtsFile, ".geojson,.json", desk),
  );
}

// The revision is in the name, so that two files of different days are told apart.
function named(file: string, { coverage, steps }: Page): string {
  return `yizhan-r${coverage?.revision ?? 0}${steps.length > 0 ? "-scenario" : ""}-${file}`;
}

function reportLink({ question, coveredFrom }: Page): HTMLElement {
  const date = hoursParameters(question, language())["date"];
  const query: Record<string, string> = { ...coverageParameters(question, language()), covered_from: coveredFrom };
  const search = new URLSearchParams(date === undefined ? query : { ...query, date });
  return make("a", { class: "button", id: "export-report", href: `/v1/report?${search.toString()}`, target: "_blank", rel: "noopener" }, planWords().exportReport);
}

function upload(kind: UploadKind, text: string, accept: string, desk: Desk): HTMLElement {
  const w = planWords();
  const now = desk.page[kind];
  const problem = make("p", { class: "note", role: "alert" });
  problem.hidden = true;
  const input = make("input", { type: "file", class: "hidden", id: `upload-${kind}`, accept, tabindex: "-1", "aria-hidden": "true" });
  const take = async (file: File) => {
    try {
      desk.page[kind] = readUpload(kind, file.name, await file.arrayBuffer());
      desk.page.weight = 0;
      desk.asked();
    } catch (error) {
      if (!(error instanceof UploadError)) throw error;
      say(problem, `${file.name}: ${w.uploadProblems[error.problem](error.row)}`);
    }
    input.value = "";
  };
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    if (file !== undefined) void take(file);
  });
  const choose = make("button", { type: "button", class: "button", "aria-label": `${w.chooseFile}: ${text}` }, w.chooseFile);
  choose.addEventListener("click", () => input.click());
  const drop = make("button", { type: "button", class: "button quiet", "aria-label": `${w.takeFile}: ${text}` }, w.takeFile);
  drop.hidden = now === null;
  drop.addEventListener("click", () => {
    desk.page[kind] = null;
    desk.page.weight = 0;
    desk.asked();
  });
  return make("div", { class: "upload", "data-kind": kind }, make("h4", {}, text),
    make("p", { class: "hint" }, now === null ? w.usingOwn : w.usingFile(now.name, count(now.data.features.length))), make("div", { class: "buttons" }, choose, drop, input), problem);
}
