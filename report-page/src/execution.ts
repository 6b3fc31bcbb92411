import { Course, type BatchInstants } from "./course";
import { FORWARD, STEP_KINDS, type InstanceData, type Step, type StepKind, type TraceData } from "./data";
import type { Plan } from "./plan";

/** A task of the first batch that ended later than planned. */
export interface LateTask {
  client: number;
  task: number;
  helper: number;
  plannedEnd: number;
  end: number;
}

/** A part of the critical path that took longer than planned. */
export interface SlowStep {
  kind: StepKind;
  client: number;
  planned: number;
  actual: number;
}

/** What happened when a plan was followed, in the instance's unit. */
export class Execution extends Course {
  readonly makespan: number;
  readonly latestInstant: number;
  /** In order of their ends. */
  readonly late: LateTask[] = [];
  readonly lateCount: Int32Array;
  readonly slow: SlowStep[];
  /** Clients that did not complete. */
  readonly incomplete: number[] = [];
  readonly moved: number[] = [];
  readonly lostAt: number[];
  readonly mostBatches: number;
  /** 1 for each segment that ends after its task should have. */
  readonly isLate: Uint8Array;

  constructor(
    instance: InstanceData,
    readonly plan: Plan,
    readonly data: TraceData,
  ) {
    const inUnits = (times: number[]) => times.map((time) => (time < 0 ? NaN : time / data.unit_us));
    const { segments, critical_path: path } = data;
    super(
      instance.helper_ids.length,
      instance.client_ids.length,
      { ...segments, start: inUnits(segments.start), end: inUnits(segments.end) },
      { ...path, start: inUnits(path.start), end: inUnits(path.end) },
    );
    this.makespan = data.makespan / data.unit_us;
    this.latestInstant = data.latest_instant / data.unit_us;
    this.lostAt = inUnits(data.lost_at);
    this.lateCount = new Int32Array(instance.helper_ids.length);
    this.isLate = new Uint8Array(segments.client.length);
    const ends = data.clients.batch_ends;
    this.mostBatches = ends.reduce((most, end, client) => Math.max(most, end - (ends[client - 1] ?? 0)), 0);
    this.slow = data.slow.kind.map((kind, step) => ({
      kind: STEP_KINDS[kind],
      client: data.slow.client[step],
      planned: data.slow.planned[step] / data.unit_us,
      actual: data.slow.actual[step] / data.unit_us,
    }));
    this.markLate();
    this.compareClients();
  }

  get criticalClient(): number {
    return this.data.critical_client;
  }

  /** The task that is late by most, the first of them in a tie. */
  get latest(): LateTask | undefined {
    let most: LateTask | undefined;
    for (const task of this.late) if (!most || task.end - task.plannedEnd > most.end - most.plannedEnd) most = task;
    return most;
  }

  helperOf(client: number): number {
    return this.data.clients.helper[client];
  }

  /** Places of the client's batches: from the first of the pair up to, not including, the second. */
  batches(client: number): [number, number] {
    const ends = this.data.clients.batch_ends;
    return [client === 0 ? 0 : ends[client - 1], ends[client]];
  }

  completion(client: number): number {
    const [first, end] = this.batches(client);
    return first === end ? NaN : this.times(end - 1).completion;
  }

  waiting(client: number): number {
    return this.steps(client).reduce((sum, step) => sum + (step.kind === "waiting" ? step.end - step.start : 0), 0);
  }

  /** When the plan ends the task of the segment; NaN where it does not say. */
  plannedEnd(segment: number): number {
    const { segments, unit_us } = this.data;
    const planned = segments.batch[segment] > 0 ? -1 : this.planned(segments.client[segment], segments.task[segment]);
    return planned < 0 ? NaN : planned / unit_us;
  }

  steps(client: number): Step[] {
    const steps: Step[] = [];
    const [first, end] = this.batches(client);
    let before = 0;
    for (let place = first; place < end; ++place) {
      const times = this.times(place);
      const batch = place - first;
      if (times.start > before) {
        const kind = this.losesHelper(before, times.start) ? "lost" : "waiting";
        steps.push({ kind, client, batch, start: before, end: times.start });
      }
      const own = [...this.segmentsOf(client)].filter(
        (segment) => this.data.segments.batch[segment] === batch && this.segments.start[segment] >= times.start,
      );
      steps.push(...this.batchSteps(client, batch, times, own));
      before = times.completion;
    }
    return steps;
  }

  private losesHelper(start: number, end: number): boolean {
    return this.lostAt.some((lost) => lost >= start && lost <= end);
  }

  private times(place: number): BatchInstants {
    const { batches, unit_us } = this.data;
    const at = (times: number[]) => (times[place] < 0 ? NaN : times[place] / unit_us);
    return {
      start: at(batches.start),
      release: at(batches.release),
      forward_end: at(batches.forward_end),
      backward_ready: at(batches.backward_ready),
      backward_end: at(batches.backward_end),
      completion: at(batches.completion),
    };
  }

  /** In microseconds; -1 where the plan has no such task. */
  private planned(client: number, task: number): number {
    const { clients } = this.data;
    return (task === FORWARD ? clients.planned_forward_end : clients.planned_backward_end)[client];
  }

  private markLate() {
    const { segments, batches, unit_us } = this.data;
    this.busy.forEach((_, helper) => {
      const [from, to] = this.lane(helper);
      for (let segment = from; segment < to; ++segment) {
        const [client, task] = [segments.client[segment], segments.task[segment]];
        const planned = segments.batch[segment] > 0 ? -1 : this.planned(client, task);
        if (planned < 0 || segments.end[segment] <= planned) continue;
        this.isLate[segment] = 1;
        const [first] = this.batches(client);
        const end = (task === FORWARD ? batches.forward_end : batches.backward_end)[first];
        // Once a task: at its last segment, not at one of an attempt that was given up.
        if (end !== segments.end[segment]) continue;
        this.lateCount[helper] += 1;
        this.late.push({ client, task, helper, plannedEnd: planned / unit_us, end: end / unit_us });
      }
    });
    this.late.sort((left, right) => left.end - right.end || left.client - right.client || left.task - right.task);
  }

  private compareClients() {
    this.data.clients.helper.forEach((helper, client) => {
      const completion = this.completion(client);
      if (Number.isNaN(completion)) this.incomplete.push(client);
      else if (helper >= 0) this.lastEnd[helper] = Math.max(this.lastEnd[helper], completion);
      if (helper !== this.plan.helperOf(client)) this.moved.push(client);
    });
  }
}
