import { STEP_KINDS, type PathColumns, type SegmentColumns, type Step, type StepKind } from "./data";

type AddStep = (kind: StepKind, start: number, end: number) => void;

/** The instants of one batch of one client; NaN where it was not reached. */
export interface BatchInstants {
  start: number;
  release: number;
  forward_end: number;
  backward_ready: number;
  backward_end: number;
  completion: number;
}

/** What every client and helper does over time, planned or actual, in the instance's unit, with what follows from it. */
export abstract class Course {
  readonly busy: Float64Array;
  /** When the last of the helper's clients completes. */
  readonly lastEnd: Float64Array;
  readonly criticalPath: Step[];
  /** 1 for each segment that the critical path runs through. */
  readonly isCritical: Uint8Array;

  private readonly clientStarts: Int32Array;
  private readonly clientSegments: Int32Array;

  protected constructor(
    helperCount: number,
    clientCount: number,
    readonly segments: SegmentColumns,
    path: PathColumns,
  ) {
    this.busy = new Float64Array(helperCount);
    this.lastEnd = new Float64Array(helperCount);
    this.clientStarts = new Int32Array(clientCount + 1);
    this.clientSegments = new Int32Array(segments.client.length);
    this.busy.forEach((_, helper) => {
      const [from, to] = this.lane(helper);
      for (let segment = from; segment < to; ++segment) this.busy[helper] += segments.end[segment] - segments.start[segment];
    });
    this.groupByClient();
    this.criticalPath = path.kind.map((kind, step) => ({
      kind: STEP_KINDS[kind],
      client: path.client[step],
      batch: path.batch[step],
      start: path.start[step],
      end: path.end[step],
    }));
    this.isCritical = new Uint8Array(segments.client.length);
    this.markCritical();
  }

  abstract readonly makespan: number;
  /** The client that completes last; -1 where none does. */
  abstract readonly criticalClient: number;
  /** Who serves the client; -1 where it trains alone. */
  abstract helperOf(client: number): number;
  /** When the client completes; NaN where it does not. */
  abstract completion(client: number): number;
  /** The client's way from 0 to its completion. */
  abstract steps(client: number): Step[];

  /** The helper's segments: indices from the first of the pair up to, not including, the second. */
  lane(helper: number): [number, number] {
    const ends = this.segments.lane_ends;
    return [helper === 0 ? 0 : ends[helper - 1], ends[helper]];
  }

  segmentsOf(client: number): Int32Array {
    return this.clientSegments.subarray(this.clientStarts[client], this.clientStarts[client + 1]);
  }

  /** Segments of one lane never overlap, so that their ends are in order too: the first that ends after `time`. */
  firstEndingAfter(helper: number, time: number): number {
    const [from, to] = this.lane(helper);
    let low = from;
    let high = to;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.segments.end[middle] > time) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  protected batchSteps(client: number, batch: number, times: BatchInstants, own: number[]): Step[] {
    const steps: Step[] = [];
    const add: AddStep = (kind, start, end) => {
      if (start < end) steps.push({ kind, client, batch, start, end });
    };
    if (Number.isNaN(times.release)) {
      add("local", times.start, times.completion);
      return steps;
    }
    add("release", times.start, times.release);
    this.addTask(add, own, 0, times.release);
    add("turnaround", times.forward_end, times.backward_ready);
    this.addTask(add, own, 1, times.backward_ready);
    add("tail", times.backward_end, times.completion);
    return steps;
  }

  private addTask(add: AddStep, own: number[], task: number, ready: number) {
    const { segments } = this;
    for (const segment of own) {
      if (segments.task[segment] !== task) continue;
      add("waiting", ready, segments.start[segment]);
      add(task === 0 ? "forward" : "backward", segments.start[segment], segments.end[segment]);
      ready = segments.end[segment];
    }
  }

  private groupByClient() {
    const { client, start } = this.segments;
    for (const owner of client) this.clientStarts[owner + 1] += 1;
    for (let index = 1; index < this.clientStarts.length; ++index) this.clientStarts[index] += this.clientStarts[index - 1];
    const next = this.clientStarts.slice();
    client.forEach((owner, segment) => (this.clientSegments[next[owner]++] = segment));
    // A client that moved has segments on several lanes.
    for (let owner = 0; owner + 1 < this.clientStarts.length; ++owner) {
      this.segmentsOf(owner).sort((left, right) => start[left] - start[right] || left - right);
    }
  }

  private markCritical() {
    for (const step of this.criticalPath) {
      if (step.kind !== "forward" && step.kind !== "backward") continue;
      for (const segment of this.segmentsOf(step.client)) {
        if (this.segments.start[segment] === step.start) this.isCritical[segment] = 1;
      }
    }
  }
}
