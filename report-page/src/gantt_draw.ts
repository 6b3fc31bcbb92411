import { FORWARD, type Phase } from "./data";
import { number } from "./format";
import { AXIS_HEIGHT, LANE_HEIGHT, ROW_HEIGHT, visibleRows, yOfRow, type Layout } from "./gantt_layout";
import { phaseColour, type Palette } from "./palette";
import type { Plan } from "./plan";

/** All that the chart shows at one moment. */
export interface Scene {
  plan: Plan;
  helperIds: string[];
  clientIds: string[];
  rows: number[];
  followed: number;
  focusedHelper: number;
  showsCriticalPath: boolean;
  otherMakespan: number | null;
  timeUnit: string;
}

const BAR_INSET = 4;
const CHARACTER_WIDTH = 6.6;
const DIMMED = 0.22;

type Context = CanvasRenderingContext2D;

export function drawChart(context: Context, layout: Layout, scene: Scene, palette: Palette) {
  const { width, height, labelWidth, top } = layout;
  context.fillStyle = palette.background;
  context.fillRect(0, 0, width, height);
  clipped(context, 0, top, width, height - top, () => {
    drawStripes(context, layout, scene, palette);
    clipped(context, labelWidth, top, width - labelWidth, height - top, () => {
      drawGrid(context, layout, palette);
      drawRows(context, layout, scene, palette);
    });
    drawLabels(context, layout, scene, palette);
  });
  drawPinned(context, layout, scene, palette);
  drawAxis(context, layout, scene, palette);
  drawMarkers(context, layout, scene, palette);
}

function clipped(context: Context, x: number, y: number, width: number, height: number, draw: () => void) {
  context.save();
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
  draw();
  context.restore();
}

function drawStripes(context: Context, layout: Layout, scene: Scene, palette: Palette) {
  const [first, last] = visibleRows(layout);
  for (let row = first; row < last; ++row) {
    const isFocused = scene.rows[row] === scene.focusedHelper;
    if (row % 2 === 0 && !isFocused) continue;
    context.fillStyle = isFocused ? palette.grid : palette.stripe;
    context.fillRect(0, yOfRow(layout, row), layout.width, ROW_HEIGHT);
  }
}

/** Ticks of whole time units only: there is nothing between two of them. */
function ticks(layout: Layout): number[] {
  const plotWidth = layout.width - layout.labelWidth;
  return layout.x.ticks(Math.max(2, Math.floor(plotWidth / 110))).filter(Number.isInteger);
}

function drawGrid(context: Context, layout: Layout, palette: Palette) {
  context.fillStyle = palette.grid;
  for (const tick of ticks(layout)) context.fillRect(Math.round(layout.x(tick)), layout.top, 1, layout.height);
}

function drawAxis(context: Context, layout: Layout, scene: Scene, palette: Palette) {
  context.fillStyle = palette.background;
  context.fillRect(0, 0, layout.width, AXIS_HEIGHT);
  context.fillStyle = palette.muted;
  context.textAlign = "left";
  context.fillText(scene.timeUnit, 8, AXIS_HEIGHT / 2 + 4);
  clipped(context, layout.labelWidth, 0, layout.width - layout.labelWidth, AXIS_HEIGHT, () => {
    for (const tick of ticks(layout)) {
      const x = Math.round(layout.x(tick));
      context.fillStyle = palette.grid;
      context.fillRect(x, AXIS_HEIGHT - 8, 1, 8);
      context.fillStyle = palette.muted;
      context.fillText(number(tick), x + 4, AXIS_HEIGHT / 2 + 4);
    }
  });
  context.fillStyle = palette.grid;
  context.fillRect(0, AXIS_HEIGHT - 1, layout.width, 1);
}

/** Vertical lines; where two are close, both are labelled at the top of the rows, one below the other. */
function drawMarkers(context: Context, layout: Layout, scene: Scene, palette: Palette) {
  const { makespan, lower_bound } = scene.plan.data;
  const markers: [number, string, string, number[]][] = [[makespan, "makespan", palette.makespan, []]];
  if (lower_bound > 0 && lower_bound < makespan) markers.push([lower_bound, "bound", palette.bound, [5, 4]]);
  if (scene.otherMakespan !== null && scene.otherMakespan !== makespan) {
    markers.push([scene.otherMakespan, "other plan", palette.muted, [2, 3]]);
  }
  clipped(context, layout.labelWidth, 0, layout.width - layout.labelWidth, layout.height, () => {
    for (const [at, , colour, dash] of markers) {
      const x = Math.round(layout.x(at)) + 0.5;
      context.strokeStyle = colour;
      context.lineWidth = 1.5;
      context.setLineDash(dash);
      context.beginPath();
      context.moveTo(x, AXIS_HEIGHT - 8);
      context.lineTo(x, layout.height);
      context.stroke();
    }
    context.setLineDash([]);
  });
}

function drawRows(context: Context, layout: Layout, scene: Scene, palette: Palette) {
  const [first, last] = visibleRows(layout);
  for (let row = first; row < last; ++row) drawLane(context, layout, scene, palette, row);
}

/**
 * The segments of one helper. Those narrower than a pixel are added up into the share of each pixel column that they
 * take, so that a crowded lane costs no more than its width and shows how busy it is.
 */
function drawLane(context: Context, layout: Layout, scene: Scene, palette: Palette, row: number) {
  const { plan, followed } = scene;
  const { client, task, start, end } = plan.data.segments;
  const helper = scene.rows[row];
  const [, to] = plan.lane(helper);
  const [visibleStart, visibleEnd] = layout.x.domain();
  const y = yOfRow(layout, row) + BAR_INSET;
  const height = ROW_HEIGHT - 2 * BAR_INSET;
  const shares = new ColumnShares(layout.width);
  for (let segment = plan.firstEndingAfter(helper, visibleStart); segment < to; ++segment) {
    if (start[segment] >= visibleEnd) break;
    const [left, right] = [layout.x(start[segment]), layout.x(end[segment])];
    const isDimmed = followed >= 0 && client[segment] !== followed;
    const marks = scene.showsCriticalPath && plan.isCritical[segment] === 1;
    if (right - left < 1.5 && client[segment] !== followed) {
      shares.add(task[segment], left, right, marks);
      continue;
    }
    context.globalAlpha = isDimmed ? DIMMED : 1;
    context.fillStyle = task[segment] === FORWARD ? palette.forward : palette.backward;
    const gap = right - left > 4 ? 1 : 0;
    context.fillRect(left, y, Math.max(1, right - left - gap), height);
    if (marks) {
      context.globalAlpha = 1;
      context.fillStyle = palette.critical;
      context.fillRect(left, y + height - 3, right - left - gap, 3);
    }
    context.globalAlpha = isDimmed ? 2 * DIMMED : 1;
    drawBarText(context, layout, palette, scene.clientIds[client[segment]], { left, right, y, height });
    context.globalAlpha = 1;
    if (client[segment] === followed) outline(context, palette.followed, left, y, right - left - gap, height);
  }
  shares.draw(context, palette, y, height, followed >= 0 ? DIMMED : 1);
}

class ColumnShares {
  private readonly shares: [Float32Array, Float32Array];
  private readonly critical: Uint8Array;
  private isEmpty = true;

  constructor(private readonly width: number) {
    this.shares = [new Float32Array(width + 1), new Float32Array(width + 1)];
    this.critical = new Uint8Array(width + 1);
  }

  add(task: number, left: number, right: number, isCritical: boolean) {
    const column = Math.floor(left);
    if (column < 0 || column >= this.width) return;
    const inside = Math.min(right, column + 1) - left;
    this.shares[task][column] += inside;
    this.shares[task][column + 1] += Math.max(0, right - left - inside);
    if (isCritical) this.critical[column] = 1;
    this.isEmpty = false;
  }

  draw(context: Context, palette: Palette, y: number, height: number, alpha: number) {
    if (this.isEmpty) return;
    for (let column = 0; column < this.width; ++column) {
      const forward = Math.min(1, this.shares[0][column]);
      const backward = Math.min(1, this.shares[1][column]);
      context.globalAlpha = alpha;
      context.fillStyle = palette.forward;
      if (forward > 0) context.fillRect(column, y + height * (1 - forward - backward), 1, height * forward);
      context.fillStyle = palette.backward;
      if (backward > 0) context.fillRect(column, y + height * (1 - backward), 1, height * backward);
      context.fillStyle = palette.critical;
      if (this.critical[column]) context.fillRect(column, y + height - 3, 1, 3);
    }
    context.globalAlpha = 1;
  }
}

interface Bar {
  left: number;
  right: number;
  y: number;
  height: number;
}

/** The text inside a bar, in the part of the bar that shows; none where it does not fit. */
function drawBarText(context: Context, layout: Layout, palette: Palette, text: string, bar: Bar) {
  const left = Math.max(bar.left, layout.labelWidth);
  const right = Math.min(bar.right, layout.width);
  if (right - left < 10 || right - left < context.measureText(text).width + 4) return;
  context.fillStyle = palette.onBar;
  context.textAlign = "center";
  context.fillText(text, (left + right) / 2, bar.y + bar.height / 2);
}

function outline(context: Context, colour: string, x: number, y: number, width: number, height: number) {
  context.strokeStyle = colour;
  context.lineWidth = 2;
  context.strokeRect(x, y - 1, Math.max(2, width), height + 2);
}

function shortened(text: string, width: number): string {
  const fits = Math.max(1, Math.floor(width / CHARACTER_WIDTH));
  return text.length <= fits ? text : `${text.slice(0, fits - 1)}\u2026`;
}

function drawLabels(context: Context, layout: Layout, scene: Scene, palette: Palette) {
  const { plan } = scene;
  const [first, last] = visibleRows(layout);
  const showsShare = layout.labelWidth > 100;
  for (let row = first; row < last; ++row) {
    const helper = scene.rows[row];
    const middle = yOfRow(layout, row) + ROW_HEIGHT / 2;
    const share = plan.data.makespan > 0 ? plan.busy[helper] / plan.data.makespan : 0;
    context.textAlign = "left";
    context.fillStyle = palette.text;
    context.fillText(shortened(scene.helperIds[helper], layout.labelWidth - (showsShare ? 66 : 14)), 8, middle);
    if (!showsShare) continue;
    const right = layout.labelWidth - 10;
    context.textAlign = "right";
    context.fillStyle = palette.muted;
    context.fillText(`${Math.round(100 * share)} %`, right, middle - 3);
    context.fillStyle = palette.grid;
    context.fillRect(right - 40, middle + 6, 40, 3);
    context.fillStyle = palette.busy;
    context.fillRect(right - 40, middle + 6, 40 * Math.min(1, share), 3);
  }
}

function drawPinned(context: Context, layout: Layout, scene: Scene, palette: Palette) {
  layout.pinned.forEach((lane, index) => {
    const y = AXIS_HEIGHT + index * LANE_HEIGHT;
    context.fillStyle = palette.background;
    context.fillRect(0, y, layout.width, LANE_HEIGHT);
    context.fillStyle = lane.kind === "critical" ? palette.critical : palette.followed;
    context.fillRect(0, y + 3, 4, LANE_HEIGHT - 6);
    context.textAlign = "left";
    context.fillStyle = palette.text;
    context.fillText(shortened(lane.label, layout.labelWidth - 14), 10, y + LANE_HEIGHT / 2);
    clipped(context, layout.labelWidth, y, layout.width - layout.labelWidth, LANE_HEIGHT, () => {
      for (const phase of lane.phases) drawPhase(context, layout, scene, palette, phase, y + 3, lane.kind);
    });
    context.fillStyle = palette.grid;
    context.fillRect(0, y + LANE_HEIGHT - 1, layout.width, 1);
  });
}

function drawPhase(context: Context, layout: Layout, scene: Scene, palette: Palette, phase: Phase, y: number, lane: string) {
  const [left, right] = [layout.x(phase.start), layout.x(phase.end)];
  if (right < layout.labelWidth || left > layout.width) return;
  const height = LANE_HEIGHT - 7;
  const gap = right - left > 4 ? 1 : 0;
  context.fillStyle = phaseColour(palette, phase.kind);
  context.fillRect(left, y, Math.max(1, right - left - gap), height);
  const client = scene.clientIds[phase.client];
  const texts = lane === "critical" ? [`${client} ${phase.kind}`, client] : [phase.kind];
  const text = texts.find((each) => each.length * CHARACTER_WIDTH + 6 <= right - left);
  if (text) drawBarText(context, layout, palette, text, { left, right, y, height });
}
