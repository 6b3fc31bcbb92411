import type { StepKind } from "./data";

/** The colours of the canvases, read from the style sheet so that both themes are said in one place. */
export interface Palette {
  background: string;
  stripe: string;
  grid: string;
  text: string;
  muted: string;
  forward: string;
  backward: string;
  client: string;
  waiting: string;
  critical: string;
  followed: string;
  makespan: string;
  late: string;
  bound: string;
  busy: string;
  onBar: string;
}

const NAMES: (keyof Palette)[] = [
  "background", "stripe", "grid", "text", "muted", "forward", "backward", "client", "waiting", "critical", "followed",
  "makespan", "late", "bound", "busy", "onBar",
]; // prettier-ignore

export function readPalette(): Palette {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--chart-${name}`).trim()])) as unknown as Palette;
}

export function stepColour(palette: Palette, kind: StepKind): string {
  if (kind === "forward" || kind === "backward") return palette[kind];
  if (kind === "lost") return palette.late;
  return kind === "waiting" || kind === "switch" || kind === "idle" ? palette.waiting : palette.client;
}

export const FONT = '12px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif';

/** Sizes a canvas for sharp lines on this screen, and clears it. Null where there is no room to draw. */
export function prepared(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D | null {
  const ratio = window.devicePixelRatio || 1;
  const [pixelWidth, pixelHeight] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== pixelWidth) canvas.width = pixelWidth;
  if (canvas.height !== pixelHeight) canvas.height = pixelHeight;
  const context = canvas.getContext("2d");
  if (!context || width <= 0 || height <= 0) return null;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  context.font = FONT;
  context.textBaseline = "middle";
  return context;
}
