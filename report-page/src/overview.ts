import { labelWidth } from "./gantt_layout";
import { prepared, readPalette, type Palette } from "./palette";
import type { Course } from "./course";

/** Heights of the overview in pixels; each row of it stands for one helper, or for several when there are many. */
const TALLEST = 96;
const LOWEST = 28;
const ROW = 7;

export interface Window {
  time: [number, number];
  rows: [number, number];
}

/** All helpers over all time, in the order of the rows: the darker, the busier; and a frame around what the chart shows. */
export class Overview {
  private shares: Float32Array = new Float32Array(0);
  private columns = 0;
  private bands = 0;
  private rowCount = 0;
  private window: Window = { time: [0, 1], rows: [0, 1] };
  private course: Course | null = null;
  private rows: number[] = [];
  private readonly heat = document.createElement("canvas");

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly span: number,
    private readonly onPoint: (time: number, row: number) => void,
  ) {
    const point = (event: PointerEvent) => {
      const box = canvas.getBoundingClientRect();
      const left = labelWidth(box.width);
      const time = ((event.clientX - box.left - left) / Math.max(1, box.width - left)) * span;
      this.onPoint(time, ((event.clientY - box.top) / Math.max(1, box.height)) * this.rowCount);
    };
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      point(event);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (canvas.hasPointerCapture(event.pointerId)) point(event);
    });
    new ResizeObserver(() => this.resize()).observe(canvas);
  }

  show(course: Course, rows: number[]) {
    this.course = course;
    this.rows = rows;
    this.rowCount = rows.length;
    this.canvas.style.height = `${Math.min(TALLEST, Math.max(LOWEST, rows.length * ROW))}px`;
    this.resize();
  }

  frame(window: Window) {
    this.window = window;
    this.draw();
  }

  recolour() {
    this.drawHeat();
    this.draw();
  }

  private resize() {
    const width = this.canvas.clientWidth;
    this.columns = Math.max(1, Math.floor(width - labelWidth(width)));
    this.bands = Math.min(this.rowCount, this.canvas.clientHeight);
    this.addUp();
    this.drawHeat();
    this.draw();
  }

  /** The busy share of every cell. A segment adds its parts to its two end cells and fills those in between. */
  private addUp() {
    const { course, rows, columns, bands } = this;
    this.shares = new Float32Array(columns * bands);
    if (!course || bands === 0) return;
    const perBand = rows.length / bands;
    const { start, end } = course.segments;
    rows.forEach((helper, row) => {
      const offset = Math.min(bands - 1, Math.floor(row / perBand)) * columns;
      const [from, to] = course.lane(helper);
      for (let segment = from; segment < to; ++segment) {
        const left = (start[segment] / this.span) * columns;
        const right = (end[segment] / this.span) * columns;
        const last = Math.min(columns - 1, Math.floor(right));
        for (let column = Math.floor(left); column <= last; ++column) {
          this.shares[offset + column] += (Math.min(right, column + 1) - Math.max(left, column)) / perBand;
        }
      }
    });
  }

  /** Once for each course, order and size: some hundred thousand cells are too many for every step of a drag. */
  private drawHeat() {
    const palette = readPalette();
    const [width, height] = [this.columns, this.canvas.clientHeight];
    const context = prepared(this.heat, width, height);
    if (!context || this.bands === 0) return;
    context.fillStyle = palette.stripe;
    context.fillRect(0, 0, width, height);
    context.fillStyle = palette.busy;
    const bandHeight = height / this.bands;
    this.shares.forEach((share, cell) => {
      if (share <= 0) return;
      const band = Math.floor(cell / this.columns);
      context.globalAlpha = Math.min(1, 0.12 + 0.88 * share);
      context.fillRect(cell % this.columns, band * bandHeight, 1, bandHeight >= 4 ? bandHeight - 1 : bandHeight);
    });
    context.globalAlpha = 1;
  }

  private draw() {
    const [width, height] = [this.canvas.clientWidth, this.canvas.clientHeight];
    const context = prepared(this.canvas, width, height);
    if (!context || !this.course || this.bands === 0) return;
    const palette = readPalette();
    const left = labelWidth(width);
    context.drawImage(this.heat, left, 0, this.columns, height);
    this.drawWindow(context, palette, left, width, height);
    context.fillStyle = palette.muted;
    context.textAlign = "left";
    context.fillText(left > 100 ? "all helpers" : "all", 8, height / 2);
  }

  private drawWindow(context: CanvasRenderingContext2D, palette: Palette, left: number, width: number, height: number) {
    const scale = (width - left) / this.span;
    const [start, end] = this.window.time;
    const [first, last] = this.window.rows;
    const x = left + start * scale;
    const y = (first / this.rowCount) * height;
    const frameWidth = Math.max(3, (end - start) * scale);
    const frameHeight = Math.max(3, ((last - first) / this.rowCount) * height);
    context.strokeStyle = palette.followed;
    context.lineWidth = 2;
    context.strokeRect(x + 1, y + 1, Math.max(1, frameWidth - 2), Math.max(1, frameHeight - 2));
  }
}
