// The two charts, drawn with Chart.js: hours of the week as a heat map, and distances as bars.
//
// Chart.js, with its matrix type: permissive licence, well kept, only the parts that are used are built in, and it draws
// on a canvas without style elements, which the content security policy of the pages would refuse.
import {
  BarController, BarElement, CategoryScale, Chart, type ChartConfiguration, LinearScale, type Plugin, type ScriptableContext, Tooltip,
} from "chart.js";
import { MatrixController, type MatrixDataPoint, MatrixElement } from "chartjs-chart-matrix";
import { clock, metres, percent } from "./format";
import type { Histogram } from "./distances";
import { coverTile, token } from "./patterns";
import { planWords } from "./words";

Chart.register(BarController, BarElement, CategoryScale, LinearScale, MatrixController, MatrixElement, Tooltip);

const HOURS = 24;

export interface HourCell { day: number; hour: number; sure: number | null; perhaps: number | null }

/** Takes the colours and the type of the page, as they are now. */
function takeLook(): void {
  const root = getComputedStyle(document.body);
  Chart.defaults.font.family = root.fontFamily;
  Chart.defaults.font.size = parseFloat(root.fontSize) * 0.75;
  Chart.defaults.color = token("--ink-soft");
  Chart.defaults.borderColor = token("--line");
  Chart.defaults.animation = false;
  Chart.defaults.maintainAspectRatio = false;
}

/** Draws the heat map; `pick` is called with the cell that is clicked. */
export function drawHours(canvas: HTMLCanvasElement, days: string[], cells: HourCell[], pick: (cell: HourCell) => void): Chart {
  takeLook();
  const most = Math.max(...cells.map(({ sure }) => sure ?? 0), 1e-9);
  const find = (context: { dataIndex: number }) => cells[context.dataIndex];
  const hours = Array.from({ length: HOURS }, (_, hour) => String(hour));
  const config: ChartConfiguration<"matrix", MatrixDataPoint[]> = {
    type: "matrix",
    data: {
      datasets: [{
        data: cells.map(({ day, hour }) => ({ x: hours[hour], y: days[day], v: 0 }) as unknown as MatrixDataPoint),
        backgroundColor: (context: ScriptableContext<"matrix">) => cellFill(find(context), most),
        hoverBorderColor: token("--focus"), hoverBorderWidth: 2, borderWidth: 0,
        width: ({ chart }) => Math.max(1, (chart.chartArea?.width ?? 0) / HOURS - 1),
        height: ({ chart }) => Math.max(1, (chart.chartArea?.height ?? 0) / days.length - 1),
      }],
    },
    options: {
      scales: {
        x: { type: "category", labels: hours, offset: true, grid: { display: false }, ticks: { maxRotation: 0, autoSkipPadding: 6 } },
        // The matrix type turns this axis round unless it is told otherwise; the week begins at the top.
        y: { type: "category", labels: days, offset: true, reverse: false, grid: { display: false }, ticks: { autoSkip: false } },
      },
      plugins: {
        tooltip: {
          displayColors: false,
          callbacks: {
            title: () => "",
            label: (item) => {
              const cell = find(item);
              return cell === undefined ? "" : planWords().hourFigure(days[cell.day] ?? "", clock(cell.hour), percent(cell.sure), percent(cell.perhaps));
            },
          },
        },
      },
      onClick: (_, [element]) => {
        const cell = element === undefined ? undefined : cells[element.index];
        if (cell !== undefined) pick(cell);
      },
    },
  };
  return new Chart(canvas, config) as unknown as Chart;
}

// From the paper to the colour of what is covered; dots where more is covered perhaps; nothing known is striped.
function cellFill(cell: HourCell | undefined, most: number): string | CanvasPattern {
  if (cell === undefined || cell.sure === null) return tiled(coverTile("perhaps", 1)) ?? token("--unknown-soft");
  const colour = between(token("--sunk"), token("--map-covered"), cell.sure / most);
  if ((cell.perhaps ?? 0) <= 0) return colour;
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [8, 8];
  const context = canvas.getContext("2d");
  if (context === null) return colour;
  context.fillStyle = colour;
  context.fillRect(0, 0, 8, 8);
  context.fillStyle = token("--ink");
  context.globalAlpha = 0.55;
  context.fillRect(3, 3, 2, 2);
  return tiled(canvas) ?? colour;
}

function tiled(tile: HTMLCanvasElement): CanvasPattern | null {
  return document.createElement("canvas").getContext("2d")?.createPattern(tile, "repeat") ?? null;
}

/** A colour between two of the form `#rrggbb`. */
export function between(from: string, to: string, part: number): string {
  const parts = (colour: string) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  const [a, b] = [parts(from), parts(to)];
  return `#${a.map((value, at) => Math.round(value + ((b[at] ?? value) - value) * part).toString(16).padStart(2, "0")).join("")}`;
}

/** Draws the distances: bars within reach are plain, those beyond have the pattern of what is not covered. */
export function drawDistances(canvas: HTMLCanvasElement, { bins, total, none }: Histogram, reach_m: number): Chart {
  takeLook();
  const w = planWords();
  const share = (value: number) => (total > 0 ? (100 * value) / total : 0);
  const withNone = none.sure > 0 || none.perhaps > 0;
  const labels = [...bins.map(({ from_m }) => (from_m === 0 ? "0" : metres(from_m))), ...(withNone ? [w.noStation] : [])];
  const values = (kind: "sure" | "perhaps") => [...bins.map((bin) => share(bin[kind])), ...(withNone ? [share(none[kind])] : [])];
  const beyond = tiled(coverTile("not", 2)) ?? token("--map-uncovered");
  const differs = bins.some(({ sure, perhaps }) => sure !== perhaps) || none.sure !== none.perhaps;
  const title = (at: number) => {
    const bin = bins[at];
    if (bin === undefined) return w.noStation;
    return bin.to_m === Infinity ? w.moreThan(metres(bin.from_m)) : w.fromTo(metres(bin.from_m), metres(bin.to_m));
  };
  const config: ChartConfiguration<"bar"> = {
    type: "bar",
    data: {
      labels,
      datasets: [
        {
          label: w.covers.sure, data: values("sure"), borderWidth: 1, borderColor: token("--ink-soft"), categoryPercentage: 0.92, barPercentage: 1,
          backgroundColor: ({ dataIndex }) => (bins[dataIndex]?.within === true ? token("--map-covered") : beyond),
        },
        ...(differs ? [{
          label: w.distancePerhaps, data: values("perhaps"), borderWidth: 1, borderColor: token("--ink-soft"), categoryPercentage: 0.92, barPercentage: 1,
          backgroundColor: tiled(coverTile("perhaps", 1)) ?? token("--map-perhaps"),
        }] : []),
      ],
    },
    options: {
      scales: {
        x: { grid: { display: false }, ticks: { maxRotation: 60, autoSkipPadding: 8 } },
        y: { beginAtZero: true, ticks: { callback: (value) => w.percent(String(value)) } },
      },
      plugins: {
        tooltip: {
          displayColors: false,
          callbacks: { title: ([item]) => title(item?.dataIndex ?? 0), label: ({ dataset, parsed }) => `${dataset.label ?? ""} ${percent((parsed.y ?? 0) / 100)}` },
        },
      },
    },
    plugins: [reachLine(bins.filter(({ within }) => within).length, bins.length + Number(withNone))],
  };
  canvas.dataset["reach"] = String(reach_m);
  return new Chart(canvas, config) as unknown as Chart;
}

// A broken line between the last bar within reach and the first beyond.
function reachLine(within: number, all: number): Plugin<"bar"> {
  return {
    id: "reach",
    afterDraw: ({ ctx, chartArea: { left, right, top, bottom } }) => {
      const x = left + ((right - left) * within) / all;
      ctx.save();
      ctx.strokeStyle = token("--ink");
      ctx.lineWidth = 2;
      ctx.setLineDash([5, 4]);
      ctx.beginPath();
      ctx.moveTo(x, top);
      ctx.lineTo(x, bottom);
      ctx.stroke();
      ctx.restore();
    },
  };
}
