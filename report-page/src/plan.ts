import { Course } from "./course";
import type { InstanceData, PlanData, Step } from "./data";

/** A plan with what follows from its columns. */
export class Plan extends Course {
  readonly clientCount: Int32Array;
  readonly memory: Float64Array;

  constructor(
    readonly instance: InstanceData,
    readonly data: PlanData,
  ) {
    super(instance.helper_ids.length, instance.client_ids.length, data.segments, data.critical_path);
    const helpers = instance.helper_ids.length;
    this.clientCount = new Int32Array(helpers);
    this.memory = new Float64Array(helpers);
    const { clients } = data;
    clients.helper.forEach((helper, client) => {
      if (helper < 0) return;
      this.clientCount[helper] += 1;
      this.memory[helper] += clients.memory_mb[client];
      this.lastEnd[helper] = Math.max(this.lastEnd[helper], clients.completion[client]);
    });
  }

  get makespan(): number {
    return this.data.makespan;
  }

  get criticalClient(): number {
    return this.data.critical_client;
  }

  get gap(): number {
    const { makespan, lower_bound } = this.data;
    return lower_bound > 0 ? (makespan - lower_bound) / lower_bound : makespan > 0 ? NaN : 0;
  }

  helperOf(client: number): number {
    return this.data.clients.helper[client];
  }

  completion(client: number): number {
    return this.data.clients.completion[client];
  }

  /** Time spent waiting for the helper, switching included; 0 for a client that trains alone. */
  queuing(client: number): number {
    const of = this.data.clients;
    if (of.helper[client] < 0) return 0;
    const alone =
      of.release[client] + of.forward[client] + of.client_forward[client] + of.client_backward[client] + of.backward[client];
    return of.backward_end[client] - alone;
  }

  steps(client: number): Step[] {
    const of = this.data.clients;
    const times = {
      start: 0,
      release: of.helper[client] < 0 ? NaN : of.release[client],
      forward_end: of.forward_end[client],
      backward_ready: of.backward_ready[client],
      backward_end: of.backward_end[client],
      completion: of.completion[client],
    };
    return this.batchSteps(client, 0, times, [...this.segmentsOf(client)]);
  }
}
