import { cpus } from 'node:os';
import type { Figure } from '../row.js';
import type { RunResults } from './run-results.js';
import { goalText, verdictOf, withUnit } from './verdict.js';

const WIDTH = 860;
const LINE = 26;
const TOP = 84;
const BAR = { left: 400, right: 640, height: 12 };
/** How many times better or worse than its target a bar can show. */
const REACH = 10;

const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #24292f }
  .title { font-size: 17px; font-weight: 600 }
  .quiet { fill: #57606a }
  .met { fill: #1a7f37 }
  .missed { fill: #bc4c00 }
  .target { stroke: #57606a; stroke-dasharray: 3 3 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .quiet { fill: #9198a1 }
    .met { fill: #3fb950 }
    .missed { fill: #f0883e }
    .target { stroke: #9198a1 }
  }`;

/** Every figure that has a target, as a bar: right of the line it is met. For light and dark. */
export function drawChart({ startedAt, quick, results }: RunResults): string {
  const figures = results.flatMap((row) => row.figures.filter(({ goal }) => goal !== undefined));
  const height = TOP + figures.length * LINE + 16;
  const middle = (BAR.left + BAR.right) / 2;
  const facts = `${startedAt.toISOString().slice(0, 10)}, Node ${process.version}, ${cpus().length} processors`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Measured figures against their targets">
<style>${STYLE}
</style>
<text class="title" x="16" y="30">Measured against its targets</text>
<text class="quiet" x="16" y="52">${facts}${quick ? ', short rounds' : ''}. Right of the line: better than the target, to ten times.</text>
<line class="target" x1="${middle}" x2="${middle}" y1="${TOP - 16}" y2="${height - 12}"/>
${figures.map((figure, index) => drawFigure(figure, TOP + index * LINE)).join('\n')}
</svg>
`;
}

function drawFigure(figure: Figure, y: number): string {
  const { label, value, unit, goal } = figure;
  const middle = (BAR.left + BAR.right) / 2;
  const length = (Math.log(betterThanGoal(figure)) / Math.log(REACH)) * (BAR.right - middle);
  const x = Math.min(middle, middle + length);
  const verdict = verdictOf(figure);
  return [
    `<text x="16" y="${y + 10}">${escaped(label)}</text>`,
    `<rect class="${verdict}" x="${x.toFixed(1)}" y="${y}" width="${Math.max(2, Math.abs(length)).toFixed(1)}" height="${BAR.height}" rx="2"/>`,
    `<text x="${BAR.right + 14}" y="${y + 10}">${escaped(withUnit(value, unit))}</text>`,
    `<text class="quiet" x="${BAR.right + 112}" y="${y + 10}">${escaped(goalText(goal, unit))}</text>`,
  ].join('');
}

/** 1 on target, 2 twice as good; a target of nothing is either met or not. */
function betterThanGoal(figure: Figure): number {
  const { value, goal } = figure;
  const atLeast = goal?.atLeast;
  const times = atLeast === undefined ? (goal?.atMost ?? 0) / value : value / atLeast;
  if (Number.isFinite(times) && times > 0) return Math.min(REACH, Math.max(1 / REACH, times));
  return verdictOf(figure) === 'met' ? REACH : 1 / REACH;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
