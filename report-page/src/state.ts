import { computed, signal } from "@preact/signals";

import type { Course } from "./course";
import { readPageData } from "./data";
import { Execution } from "./execution";
import { Plan } from "./plan";

// What the parts of the page share. Everything else is a part's own.

const data = readPageData();
export const instance = data.instance;
export const plans = data.plans.map((plan) => new Plan(instance, plan));
export const hasOther = plans.length > 1;
/** What happened when the plan was followed; null where the page shows plans only. */
export const execution = data.trace ? new Execution(instance, plans[0], data.trace) : null;

/** Which plan is shown: 0, or 1 for the one to compare with. */
export const shownIndex = signal(0);
export const shown = computed(() => plans[shownIndex.value]);
/** What the page is mainly about: what happened, or else the plan. */
export const told = computed<Course>(() => execution ?? shown.value);
export const other = computed(() => (hasOther ? plans[1 - shownIndex.value] : null));

/** The client that is followed; -1 for none. */
export const followed = signal(-1);

/** The helper whose row the keyboard is on; -1 for none. */
export const focusedHelper = signal(-1);

export type HelperOrder = "end" | "load" | "clients" | "late" | "given";
export const helperOrder = signal<HelperOrder>("end");
export const showsCriticalPath = signal(true);

/** The helpers from the top row down. */
export const rows = computed(() => {
  const plan = shown.value;
  const order = Array.from(instance.helper_ids.keys());
  const course = told.value;
  const late = execution?.lateCount ?? null;
  const by = { end: course.lastEnd, load: course.busy, clients: plan.clientCount, late, given: null }[helperOrder.value];
  // Equal helpers stay in the order of the instance: sorting is stable.
  if (by) order.sort((left, right) => by[right] - by[left]);
  return order;
});

/** The latest instant that a plan or the trace speaks of. */
export const latest = Math.max(1, execution?.latestInstant ?? 1, ...plans.map((plan) => plan.data.latest_instant));

/** The end of the time axis, the same for all that is shown so that they can be compared by eye; some room lies behind the last line. */
export const span = 1.015 * latest;

/** The stretch of time that the chart shows. */
export const visible = signal<[number, number]>([0, span]);

/** What assistive technology is told. */
export const announcement = signal("");
