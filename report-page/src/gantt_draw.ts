import type { Course } from "./course";
import { FORWARD, type Step } from "./data";
import type { Execution } from "./execution";
import { number } from "./format";
import { AXIS_HEIGHT, LANE_HEIGHT, visibleRows, yOfRow, type Layout, type PinnedLane } from "./gantt_layout";
import { stepColour, type Palette } from "./palette";
import type { Plan } from "./plan";

/** All that the chart shows at one moment. */
export interface Scene {
  plan: Plan;
  /** Drawn below the plan, helper by helper; null where only a plan is shown. */
  execution: Execution | null;
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
/** Height of what marks a late task at the top of its bar. */
const LATE_MARK = 4;

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
    context.fillRect(0, yOfRow(layout, row), layout.width, layout.rowHeight);
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

/** Vertical lines, which the legend names. */
function drawMarkers(context: Context, layout: Layout, scene: Scene, palette: Palette) {
  const { makespan, lower_bound } = scene.plan.data;
  const markers: [number, string, number[]][] = [[makespan, palette.makespan, []]];
  if (lower_bound > 0 && lower_bound < makespan) markers.push([lower_bound, palette.bound, [5, 4]]);
  if (scene.otherMakespan !== null && scene.otherMakespan !== makespan) {
    markers.push([scene.otherMakespan, palette.muted, [2, 3]]);
  }
  if (scene.execution) markers.push([scene.execution.makespan, palette.late, []]);
  clipped(context, layout.labelWidth, 0, layout.width - layout.labelWidth, layout.height, () => {
    for (const [at, colour, dash] of markers) {
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
  for (let row = first; row < last; ++row) {
    const helper = scene.rows[row];
    const lanes: Lane[] = [{ course: scene.plan, helper, y: yOfRow(layout, row), height: layout.rowHeight }];
    if (scene.execution) {
      const height = layout.rowHeight / 2;
      lanes[0].height = height + BAR_INSET - 2;
      lanes.push({ course: scene.execution, helper, y: lanes[0].y + height - BAR_INSET + 2, height: height + BAR_INSET - 2 });
      drawLoss(context, layout, palette, scene.execution.lostAt[helper], lanes[1]);
    }
    for (const lane of lanes) drawLane(context, layout, scene, palette, lane);
  }
}

/** A helper's segments in one course, and where they are drawn. */
interface Lane {
  course: Course;
  helper: number;
  y: number;
  height: number;
}

/** From when on the helper was gone; NaN where it was not. */
function drawLoss(context: Context, layout: Layout, palette: Palette, lostAt: number, lane: Lane) {
  if (Number.isNaN(lostAt)) return;
  const left = Math.max(layout.labelWidth, layout.x(lostAt));
  context.fillStyle = palette.late;
  context.globalAlpha = 0.16;
  context.fillRect(left, lane.y + BAR_INSET, layout.width - left, lane.height - 2 * BAR_INSET);
  context.globalAlpha = 1;
  context.textAlign = "left";
  if (layout.width - left > 60) context.fillText("lost", left + 6, lane.y + lane.height / 2);
}

/**
 * The segments of one helper. Those narrower than a pixel are added up into the share of each pixel column that they
 * take, so that a crowded lane costs no more than its width and shows how busy it is.
 */
function drawLane(context: Context, layout: Layout, scene: Scene, palette: Palette, lane: Lane) {
  const { followed, execution } = scene;
  const { course, helper } = lane;
  const { client, task, start, end } = course.segments;
  const isActual = course === execution;
  const [, to] = course.lane(helper);
  const [visibleStart, visibleEnd] = layout.x.domain();
  const y = lane.y + BAR_INSET;
  const height = lane.height - 2 * BAR_INSET;
  const shares = new ColumnShares(layout.width);
  for (let segment = course.firstEndingAfter(helper, visibleStart); segment < to; ++segment) {
    if (start[segment] >= visibleEnd) break;
    const [left, right] = [layout.x(start[segment]), layout.x(end[segment])];
    const isDimmed = followed >= 0 && client[segment] !== followed;
    const marks = scene.showsCriticalPath && course.isCritical[segment] === 1;
    const isLate = isActual && execution.isLate[segment] === 1;
    if (right - left < 1.5 && client[segment] !== followed) {
      shares.add(task[segment], left, right, marks, isLate);
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
    if (isLate) {
      // Over the part of the bar that lies past the task's planned end.
      context.globalAlpha = isDimmed ? 2 * DIMMED : 1;
      context.fillStyle = palette.late;
      const from = Math.max(left, layout.x(execution.plannedEnd(segment)));
      context.fillRect(Math.min(from, right - 2), y, Math.max(2, right - from - gap), LATE_MARK);
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
  private readonly late: Uint8Array;
  private isEmpty = true;

  constructor(private readonly width: number) {
    this.shares = [new Float32Array(width + 1), new Float32Array(width + 1)];
    this.critical = new Uint8Array(width + 1);
    this.late = new Uint8Array(width + 1);
  }

  add(task: number, left: number, right: number, isCritical: boolean, isLate: boolean) {
    const column = Math.floor(left);
    if (column < 0 || column >= this.width) return;
    const inside = Math.min(right, column + 1) - left;
    this.shares[task][column] += inside;
    this.shares[task][column + 1] += Math.max(0, right - left - inside);
    if (isCritical) this.critical[column] = 1;
    if (isLate) this.late[column] = 1;
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
      context.fillStyle = palette.late;
      if (this.late[column]) context.fillRect(column, y, 1, LATE_MARK);
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
  const { plan, execution } = scene;
  const [first, last] = visibleRows(layout);
  const showsShare = layout.labelWidth > 100;
  for (let row = first; row < last; ++row) {
    const helper = scene.rows[row];
    const top = yOfRow(layout, row);
    const middle = top + layout.rowHeight / 2;
    context.textAlign = "left";
    context.fillStyle = palette.text;
    context.fillText(shortened(scene.helperIds[helper], layout.labelWidth - (showsShare ? 66 : 14)), 8, middle);
    if (!showsShare) continue;
    if (execution) {
      drawShare(context, layout, palette, plan, helper, top + layout.rowHeight * 0.27);
      drawShare(context, layout, palette, execution, helper, top + layout.rowHeight * 0.73);
    } else {
      drawShare(context, layout, palette, plan, helper, middle);
    }
  }
}

/** How much of the makespan the helper is busy for. */
function drawShare(context: Context, layout: Layout, palette: Palette, course: Course, helper: number, middle: number) {
  const share = course.makespan > 0 ? course.busy[helper] / course.makespan : 0;
  const right = layout.labelWidth - 10;
  context.textAlign = "right";
  context.fillStyle = palette.muted;
  context.fillText(`${Math.round(100 * share)} %`, right, middle - 3);
  context.fillStyle = palette.grid;
  context.fillRect(right - 40, middle + 6, 40, 3);
  context.fillStyle = palette.busy;
  context.fillRect(right - 40, middle + 6, 40 * Math.min(1, share), 3);
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
      for (const step of lane.steps) drawStep(context, layout, scene, palette, step, y + 3, lane.kind);
    });
    context.fillStyle = palette.grid;
    context.fillRect(0, y + LANE_HEIGHT - 1, layout.width, 1);
  });
}

function drawStep(context: Context, layout: Layout, scene: Scene, palette: Palette, step: Step, y: number, lane: PinnedLane["kind"]) {
  const [left, right] = [layout.x(step.start), layout.x(step.end)];
  if (right < layout.labelWidth || left > layout.width) return;
  const height = LANE_HEIGHT - 7;
  const gap = right - left > 4 ? 1 : 0;
  context.fillStyle = stepColour(palette, step.kind);
  context.fillRect(left, y, Math.max(1, right - left - gap), height);
  const client = scene.clientIds[step.client];
  const texts = lane === "critical" ? [`${client} ${step.kind}`, client] : [step.kind];
  const text = texts.find((each) => each.length * CHARACTER_WIDTH + 6 <= right - left);
  if (text) drawBarText(context, layout, palette, text, { left, right, y, height });
}
