import { scaleLinear, type ScaleLinear } from "d3-scale";

import type { Course } from "./course";
import type { Step } from "./data";

export const AXIS_HEIGHT = 30;
export const LANE_HEIGHT = 26;
const ROW_HEIGHT = 26;
/** Of a row that shows a helper twice: planned, and below that actual. */
const ACTUAL_ROW_HEIGHT = 48;

export function rowHeightOf(showsActual: boolean): number {
  return showsActual ? ACTUAL_ROW_HEIGHT : ROW_HEIGHT;
}

/** A lane above the helpers' rows that stays when they scroll: a critical path, or the client that is followed. */
export interface PinnedLane {
  label: string;
  kind: "critical" | "followed";
  steps: Step[];
  course: Course;
}

/** Where things are on the chart, in CSS pixels. */
export interface Layout {
  width: number;
  height: number;
  labelWidth: number;
  /** From time to the chart's x. */
  x: ScaleLinear<number, number>;
  pinned: PinnedLane[];
  /** y of the first helper's row were nothing scrolled. */
  top: number;
  scrolled: number;
  rowCount: number;
  rowHeight: number;
}

export function labelWidth(width: number): number {
  return width < 560 ? 76 : 148;
}

/** Whole time from the left edge of the plot to the right one. */
export function timeScale(span: number, plotWidth: number): ScaleLinear<number, number> {
  return scaleLinear().domain([0, span]).range([0, Math.max(1, plotWidth)]);
}

export function topOf(pinnedCount: number): number {
  return AXIS_HEIGHT + pinnedCount * LANE_HEIGHT;
}

/** The rows that show, at least in part. */
export function visibleRows(layout: Layout): [number, number] {
  const first = Math.max(0, Math.floor(layout.scrolled / layout.rowHeight));
  const last = Math.min(layout.rowCount, Math.ceil((layout.scrolled + layout.height - layout.top) / layout.rowHeight));
  return [first, Math.max(first, last)];
}

export function yOfRow(layout: Layout, row: number): number {
  return layout.top + row * layout.rowHeight - layout.scrolled;
}

export type Place = { kind: "axis" } | { kind: "pinned"; lane: number } | { kind: "row"; row: number; isLower: boolean };

export function placeAt(layout: Layout, y: number): Place | null {
  if (y < AXIS_HEIGHT) return { kind: "axis" };
  if (y < layout.top) return { kind: "pinned", lane: Math.floor((y - AXIS_HEIGHT) / LANE_HEIGHT) };
  const place = (y - layout.top + layout.scrolled) / layout.rowHeight;
  const row = Math.floor(place);
  return row < layout.rowCount ? { kind: "row", row, isLower: place - row >= 0.5 } : null;
}
