import { scaleLog } from "d3-scale";
import { line } from "d3-shape";

/** One line of a plot: seconds by size, such as the number of services. */
export interface Series {
  label: string;
  points: (readonly [size: number, seconds: number])[];
}

/** One plot: how things grow with a size. */
export interface GrowthPlot {
  /** What is counted, such as `services`. */
  of: string;
  series: Series[];
}

const panel = { width: 360, height: 300, left: 48, right: 16, top: 34, bottom: 40 };
const legendLine = 16;
/** Okabe and Ito's colours, which most people can tell apart. */
const colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];

/** An SVG of plots beside one another, both axes logarithmic: growth by a power is a straight line. */
export function growthSvg(plots: readonly GrowthPlot[]): string {
  const most = Math.max(...plots.map(({ series }) => series.length));
  const size = { width: plots.length * panel.width, height: panel.height + most * legendLine + 8 };
  const panels = plots.map((plot, index) => `<g transform="translate(${index * panel.width} 0)">${draw(plot)}</g>`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" font-family="sans-serif" font-size="11">`,
    `<rect width="${size.width}" height="${size.height}" fill="#fff"/>`,
    ...panels,
    "</svg>",
    "",
  ].join("\n");
}

function draw({ of, series }: GrowthPlot): string {
  const sizes = [...new Set(series.flatMap(({ points }) => points.map(([count]) => count)))].sort((a, b) => a - b);
  const seconds = series.flatMap(({ points }) => points.map(([, time]) => time));
  const x = scaleLog()
    .domain([sizes.at(0) ?? 1, sizes.at(-1) ?? 1])
    .range([panel.left, panel.width - panel.right]);
  const y = scaleLog()
    .domain([Math.min(...seconds), Math.max(...seconds)])
    .nice()
    .range([panel.height - panel.bottom, panel.top]);
  const path = line<readonly [number, number]>(
    ([count]) => round(x(count)),
    ([, time]) => round(y(time)),
  );
  const right = panel.width - panel.right;
  const rows = y.ticks(5).map((tick) => [tick, round(y(tick)), y.tickFormat(5, "~g")(tick)] as const);
  return [
    `<text x="${panel.left}" y="18" font-size="13">seconds, by the number of ${of}</text>`,
    ...rows.map(([, top, label]) => {
      const text = label === "" ? "" : `<text x="${panel.left - 6}" y="${top + 4}" text-anchor="end">${label}</text>`;
      return `<path d="M${panel.left} ${top}H${right}" stroke="#ddd"/>${text}`;
    }),
    ...sizes.map((count) => {
      const left = round(x(count));
      const bottom = panel.height - panel.bottom;
      return (
        `<path d="M${left} ${panel.top}V${bottom}" stroke="#ddd"/>` +
        `<text x="${left}" y="${bottom + 16}" text-anchor="middle">${count}</text>`
      );
    }),
    ...series.map(({ label, points }, index) => {
      const colour = colours[index % colours.length] ?? "#000";
      const top = panel.height + index * legendLine;
      const dots = points.map(([count, time]) => `<circle cx="${round(x(count))}" cy="${round(y(time))}" r="3"/>`);
      return (
        `<g fill="${colour}"><path d="${path(points) ?? ""}" fill="none" stroke="${colour}" stroke-width="2"/>${dots.join("")}` +
        `<rect x="${panel.left}" y="${top - 9}" width="10" height="10"/></g><text x="${panel.left + 16}" y="${top}">${label}</text>`
      );
    }),
  ].join("\n");
}

const round = (value: number): number => Math.round(value * 10) / 10;
