import { FORWARD, STEP_KINDS, type InstanceData, type Phase, type PlanData } from "./data";

/** A plan with what follows from its columns: load per helper, segments per client, the critical path's segments. */
export class Plan {
  readonly busy: Float64Array;
  readonly lastEnd: Float64Array;
  readonly clientCount: Int32Array;
  readonly memory: Float64Array;
  readonly criticalPath: Phase[];
  /** 1 for each segment that the critical path runs through. */
  readonly isCritical: Uint8Array;
  readonly criticalHelper: number;

  private readonly clientStarts: Int32Array;
  private readonly clientSegments: Int32Array;

  constructor(
    readonly instance: InstanceData,
    readonly data: PlanData,
  ) {
    const helpers = instance.helper_ids.length;
    this.busy = new Float64Array(helpers);
    this.lastEnd = new Float64Array(helpers);
    this.clientCount = new Int32Array(helpers);
    this.memory = new Float64Array(helpers);
    this.clientStarts = new Int32Array(instance.client_ids.length + 1);
    this.clientSegments = new Int32Array(data.segments.client.length);
    this.addUpHelpers();
    this.groupByClient();
    const path = data.critical_path;
    this.criticalPath = path.kind.map((kind, step) => ({
      kind: STEP_KINDS[kind],
      client: path.client[step],
      start: path.start[step],
      end: path.end[step],
    }));
    this.criticalHelper = data.critical_client < 0 ? -1 : data.clients.helper[data.critical_client];
    this.isCritical = new Uint8Array(data.segments.client.length);
    this.markCritical();
  }

  get gap(): number {
    const { makespan, lower_bound } = this.data;
    return lower_bound > 0 ? (makespan - lower_bound) / lower_bound : makespan > 0 ? NaN : 0;
  }

  /** The helper's segments: indices from the first of the pair up to, not including, the second. */
  lane(helper: number): [number, number] {
    const ends = this.data.segments.lane_ends;
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
      if (this.data.segments.end[middle] > time) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** Time spent waiting for the helper, switching included; 0 for a client that trains alone. */
  queuing(client: number): number {
    const of = this.data.clients;
    if (of.helper[client] < 0) return 0;
    const alone =
      of.release[client] + of.forward[client] + of.client_forward[client] + of.client_backward[client] + of.backward[client];
    return of.backward_end[client] - alone;
  }

  phases(client: number): Phase[] {
    const of = this.data.clients;
    const phases: Phase[] = [];
    const add = (kind: Phase["kind"], start: number, end: number) => {
      if (start < end) phases.push({ kind, client, start, end });
    };
    if (of.helper[client] < 0) {
      add("local", 0, of.completion[client]);
      return phases;
    }
    add("release", 0, of.release[client]);
    this.addTask(add, client, 0, of.release[client]);
    add("turnaround", of.forward_end[client], of.backward_ready[client]);
    this.addTask(add, client, 1, of.backward_ready[client]);
    add("tail", of.backward_end[client], of.completion[client]);
    return phases;
  }

  private addTask(add: (kind: Phase["kind"], start: number, end: number) => void, client: number, task: number, ready: number) {
    const segments = this.data.segments;
    for (const segment of this.segmentsOf(client)) {
      if (segments.task[segment] !== task) continue;
      add("waiting", ready, segments.start[segment]);
      add(task === FORWARD ? "forward" : "backward", segments.start[segment], segments.end[segment]);
      ready = segments.end[segment];
    }
  }

  private addUpHelpers() {
    const { segments, clients } = this.data;
    this.busy.forEach((_, helper) => {
      const [from, to] = this.lane(helper);
      for (let segment = from; segment < to; ++segment) this.busy[helper] += segments.end[segment] - segments.start[segment];
    });
    clients.helper.forEach((helper, client) => {
      if (helper < 0) return;
      this.clientCount[helper] += 1;
      this.memory[helper] += clients.memory_mb[client];
      this.lastEnd[helper] = Math.max(this.lastEnd[helper], clients.completion[client]);
    });
  }

  private groupByClient() {
    const { client } = this.data.segments;
    for (const owner of client) this.clientStarts[owner + 1] += 1;
    for (let index = 1; index < this.clientStarts.length; ++index) this.clientStarts[index] += this.clientStarts[index - 1];
    const next = this.clientStarts.slice();
    client.forEach((owner, segment) => (this.clientSegments[next[owner]++] = segment));
  }

  private markCritical() {
    for (const step of this.criticalPath) {
      if (step.kind !== "forward" && step.kind !== "backward") continue;
      const segment = this.firstEndingAfter(this.criticalHelper, step.start);
      if (segment < this.isCritical.length) this.isCritical[segment] = 1;
    }
  }
}
