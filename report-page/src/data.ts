// The document that src/report/page_data.cpp writes. Times are integers of the instance's unit; -1 stands for "none".

export interface PageData {
  instance: InstanceData;
  /** The plan, and the one to compare it with when there is one. */
  plans: PlanData[];
  /** An execution of the first plan, or null. */
  trace: TraceData | null;
}

export interface InstanceData {
  name: string;
  time_unit: string;
  /** Microseconds of one unit; -1 where unknown. */
  unit_us: number;
  client_ids: string[];
  helper_ids: string[];
  /** -1 = unbounded. */
  memory_capacity_mb: number[];
}

export interface PlanData {
  method: string;
  seed: number;
  splitlane_version: string;
  status: "optimal" | "feasible";
  makespan: number;
  lower_bound: number;
  latest_instant: number;
  runtime_ms: number | null;
  parameters: Record<string, boolean | number | string | null>;
  warnings: string[];
  /** What binds the lower bound, as a sentence; empty where nobody asked. */
  binding: string;
  clients: ClientColumns;
  segments: SegmentColumns;
  critical_client: number;
  critical_path: PathColumns;
}

/** An entry per step; batches from 0. */
export interface PathColumns {
  kind: number[];
  client: number[];
  batch: number[];
  start: number[];
  end: number[];
}

/** An entry per client; durations are those of the chosen option. */
export interface ClientColumns {
  option: number[];
  /** -1 where the client trains alone. */
  helper: number[];
  release: number[];
  forward: number[];
  client_forward: number[];
  client_backward: number[];
  backward: number[];
  tail: number[];
  memory_mb: number[];
  forward_end: number[];
  backward_ready: number[];
  backward_end: number[];
  completion: number[];
}

/** An entry per segment, helper by helper in time order; helper h has those from lane_ends[h - 1] to lane_ends[h] - 1. */
export interface SegmentColumns {
  lane_ends: number[];
  client: number[];
  task: number[];
  start: number[];
  end: number[];
}

export const FORWARD = 0;

/** Names of critical_path.kind, in the order of StepKind in src/report/step.hpp. */
export const STEP_KINDS = [
  "release", "forward", "turnaround", "backward", "tail", "local", "switch", "idle", "waiting", "lost",
] as const; // prettier-ignore
export type StepKind = (typeof STEP_KINDS)[number];

/** What a client, or the critical path, does from `start` to `end`. */
export interface Step {
  kind: StepKind;
  client: number;
  batch: number;
  start: number;
  end: number;
}

/** What happened when the plan was followed. All instants are microseconds; `unit_us` of them are a unit of the instance. */
export interface TraceData {
  source: string;
  rule: string;
  time_scale: number;
  pace_kept: number | null;
  unit_us: number;
  makespan: number;
  latest_instant: number;
  critical_client: number;
  critical_path: PathColumns;
  /** Steps of the critical path that took longer than planned, the most first. */
  slow: { kind: number[]; client: number[]; batch: number[]; planned: number[]; actual: number[] };
  segments: SegmentColumns & { batch: number[] };
  /** An entry per client; client c has the batches from batch_ends[c - 1] to batch_ends[c] - 1. Ends of the first batch; -1: no such task. */
  clients: { helper: number[]; batch_ends: number[]; planned_forward_end: number[]; planned_backward_end: number[] };
  /** -1: not reached. */
  batches: {
    start: number[];
    release: number[];
    forward_end: number[];
    backward_ready: number[];
    backward_end: number[];
    completion: number[];
  };
  /** An entry per helper; -1: not lost. */
  lost_at: number[];
  events: { time: number[]; kind: string[]; node: string[]; text: string[] };
}

export function readPageData(): PageData {
  const element = document.getElementById("data");
  return JSON.parse(element?.textContent ?? "") as PageData;
}
