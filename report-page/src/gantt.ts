import { select } from "d3-selection";
import { zoom, zoomIdentity, type D3ZoomEvent, type ZoomBehavior } from "d3-zoom";

import type { Course } from "./course";
import type { Step } from "./data";
import { drawChart, type Scene } from "./gantt_draw";
import { labelWidth, placeAt, rowHeightOf, timeScale, topOf, yOfRow, type Layout, type PinnedLane } from "./gantt_layout";
import { prepared, readPalette, type Palette } from "./palette";

/** The elements that a chart lives in: `scroller` scrolls the rows, `frame` stays in it, `surface` covers the plot. */
export interface GanttElements {
  scroller: HTMLElement;
  content: HTMLElement;
  frame: HTMLElement;
  canvas: HTMLCanvasElement;
  surface: HTMLElement;
}

/** What is under the pointer: a segment of a helper's lane, or a step of a pinned lane. */
export type Target = { segment: number; helper: number; course: Course } | { step: Step; course: Course };

const TALLEST = 620;
const LEAST_UNITS_SHOWN = 8;
const HIT_PIXELS = 2;
/** The power of 2 that one wheel event zooms by at most. */
const MOST_WHEEL_ZOOM = 0.5;

/** The chart on its canvas: where it is zoomed and scrolled to. What it shows is `scene`, told by the page. */
export class Gantt {
  private scene: Scene | null = null;
  private pinned: PinnedLane[] = [];
  private palette: Palette = readPalette();
  private transform = zoomIdentity;
  private readonly behaviour: ZoomBehavior<HTMLElement, unknown>;
  private width = 0;
  private height = 0;
  private isDrawingDue = false;

  constructor(
    private readonly elements: GanttElements,
    private readonly span: number,
    private readonly onVisible: (range: [number, number], rows: [number, number]) => void,
  ) {
    const reducesMotion = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.behaviour = zoom<HTMLElement, unknown>()
      // A plain wheel scrolls the rows or the page; together with Ctrl, which a pinch sends too, it zooms.
      .filter((event: MouseEvent) => (event.type === "wheel" ? event.ctrlKey || event.metaKey : !event.button))
      .wheelDelta((event: WheelEvent) => {
        // d3-zoom's rule is made for a pinch, whose steps are small; a notch of a wheel with Ctrl would zoom 4 times.
        const step = -event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 0.02 : 0.5);
        return Math.max(-MOST_WHEEL_ZOOM, Math.min(MOST_WHEEL_ZOOM, step));
      })
      .duration(reducesMotion ? 0 : 180)
      .scaleExtent([1, Math.max(1, span / LEAST_UNITS_SHOWN)])
      .on("zoom", (event: D3ZoomEvent<HTMLElement, unknown>) => this.onZoom(event));
    select(elements.surface).call(this.behaviour);
    elements.scroller.addEventListener("scroll", () => this.changed());
    new ResizeObserver(() => this.resize()).observe(elements.scroller);
    this.resize();
  }

  show(scene: Scene, pinned: PinnedLane[]) {
    this.scene = scene;
    this.pinned = pinned;
    this.resize();
  }

  recolour() {
    this.palette = readPalette();
    this.draw();
  }

  zoomBy(factor: number) {
    this.behaviour.scaleBy(select(this.elements.surface), factor);
  }

  zoomOut() {
    this.behaviour.transform(select(this.elements.surface), zoomIdentity);
  }

  /** Moves the chart by so much of what it shows; to the right when positive. */
  panBy(share: number) {
    const plotWidth = this.width - labelWidth(this.width);
    this.behaviour.translateBy(select(this.elements.surface), (-share * plotWidth) / this.transform.k, 0);
  }

  /** Shows the time around `start` to `end`, with some room on both sides. */
  zoomTo(start: number, end: number) {
    const plotWidth = Math.max(1, this.width - labelWidth(this.width));
    const base = timeScale(this.span, plotWidth);
    const [, most] = this.behaviour.scaleExtent();
    const factor = Math.min(most, Math.max(1, (0.8 * this.span) / Math.max(1, end - start)));
    const middle = base((start + end) / 2);
    const to = zoomIdentity.translate(plotWidth / 2 - factor * middle, 0).scale(factor);
    this.behaviour.transform(select(this.elements.surface), to);
  }

  /** Moves the middle of what shows to a time and a row, as the overview asks. */
  centre(time: number, row: number) {
    const plotWidth = Math.max(1, this.width - labelWidth(this.width));
    this.behaviour.translateTo(select(this.elements.surface), timeScale(this.span, plotWidth)(time), 0, [plotWidth / 2, 0]);
    this.elements.scroller.scrollTop = row * this.rowHeight - (this.height - this.top) / 2;
  }

  /** Scrolls only as far as needed for the row to show. */
  reveal(row: number) {
    const { scroller } = this.elements;
    const room = this.height - this.top;
    const y = row * this.rowHeight;
    if (y < scroller.scrollTop) scroller.scrollTop = y;
    if (y + this.rowHeight > scroller.scrollTop + room) scroller.scrollTop = y + this.rowHeight - room;
  }

  /** Makes an instant show, without zooming, where it does not. */
  revealTime(time: number) {
    const [start, end] = this.layout().x.domain();
    if (time >= start && time <= end) return;
    const plotWidth = Math.max(1, this.width - labelWidth(this.width));
    this.behaviour.translateTo(select(this.elements.surface), timeScale(this.span, plotWidth)(time), 0, [plotWidth / 2, 0]);
  }

  /** What is at a point of the frame. */
  targetAt(x: number, y: number): Target | null {
    const layout = this.layout();
    const place = placeAt(layout, y);
    if (!this.scene || x < layout.labelWidth || !place) return null;
    const time = layout.x.invert(x);
    const slack = layout.x.invert(x + HIT_PIXELS) - time;
    if (place.kind === "pinned") {
      const { steps, course } = this.pinned[place.lane];
      const step = steps.find((each) => time >= each.start && time < each.end);
      return step ? { step, course } : null;
    }
    if (place.kind !== "row") return null;
    const helper = this.scene.rows[place.row];
    const course = place.isLower && this.scene.execution ? this.scene.execution : this.scene.plan;
    const segment = course.firstEndingAfter(helper, time - slack);
    const isThere = segment < course.lane(helper)[1] && course.segments.start[segment] <= time + slack;
    return isThere ? { segment, helper, course } : null;
  }

  /** The helper whose row is at a height of the frame; -1 for none. */
  helperAt(y: number): number {
    const place = placeAt(this.layout(), y);
    return this.scene && place?.kind === "row" ? this.scene.rows[place.row] : -1;
  }

  /** The middle of a segment in the frame, for what is to point at it. */
  positionOf(row: number, start: number, end: number): [number, number] {
    const layout = this.layout();
    const [from, to] = layout.x.domain();
    return [layout.x((Math.max(start, from) + Math.min(end, to)) / 2), yOfRow(layout, row) + this.rowHeight / 2];
  }

  private get top() {
    return topOf(this.pinned.length);
  }

  private get rowHeight() {
    return rowHeightOf(Boolean(this.scene?.execution));
  }

  private layout(): Layout {
    const labels = labelWidth(this.width);
    const base = timeScale(this.span, this.width - labels);
    const zoomed = this.transform.rescaleX(base);
    return {
      width: this.width,
      height: this.height,
      labelWidth: labels,
      x: zoomed.copy().range([labels, Math.max(labels + 1, this.width)]),
      pinned: this.pinned,
      top: this.top,
      scrolled: this.elements.scroller.scrollTop,
      rowCount: this.scene?.rows.length ?? 0,
      rowHeight: this.rowHeight,
    };
  }

  private resize() {
    const { scroller, content, frame, surface } = this.elements;
    const whole = this.top + (this.scene?.rows.length ?? 0) * this.rowHeight;
    this.height = Math.min(whole, TALLEST, Math.max(220, Math.round(window.innerHeight * 0.66)));
    scroller.style.height = `${this.height}px`;
    content.style.height = `${whole}px`;
    frame.style.height = `${this.height}px`;
    this.width = scroller.clientWidth;
    const labels = labelWidth(this.width);
    surface.style.left = `${labels}px`;
    const plotWidth = Math.max(1, this.width - labels);
    this.behaviour
      .extent([[0, 0], [plotWidth, this.height]]) // prettier-ignore
      .translateExtent([[0, -Infinity], [plotWidth, Infinity]]); // prettier-ignore
    this.changed();
  }

  private onZoom(event: D3ZoomEvent<HTMLElement, unknown>) {
    const before = this.transform;
    this.transform = event.transform;
    // A drag also scrolls the rows; zooming moves y as well, which means nothing here.
    if (event.sourceEvent && event.transform.k === before.k) {
      this.elements.scroller.scrollTop -= event.transform.y - before.y;
    }
    this.changed();
  }

  private changed() {
    const layout = this.layout();
    const [start, end] = layout.x.domain();
    const rowsShown = (this.height - this.top) / this.rowHeight;
    const firstRow = layout.scrolled / this.rowHeight;
    this.onVisible([start, end], [firstRow, Math.min(layout.rowCount, firstRow + rowsShown)]);
    this.draw();
  }

  private draw() {
    if (this.isDrawingDue) return;
    this.isDrawingDue = true;
    requestAnimationFrame(() => {
      this.isDrawingDue = false;
      const context = prepared(this.elements.canvas, this.width, this.height);
      if (context && this.scene) drawChart(context, this.layout(), this.scene, this.palette);
    });
  }
}
