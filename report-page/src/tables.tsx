import { useState } from "preact/hooks";

import { DataTable, type Column } from "./data_table";
import { number, percent, signed } from "./format";
import type { Plan } from "./plan";
import { follow } from "./selection";
import { execution, focusedHelper, followed, instance, other, shown } from "./state";

function difference(name: string, of: (plan: Plan, row: number) => number): Column[] {
  const from = other.value;
  if (!from) return [];
  const plan = shown.value;
  const value = (row: number) => of(plan, row) - of(from, row);
  return [{ name, about: "Difference to the other plan", value, cell: (row) => signed(value(row)) }];
}

function helperName(helper: number): string {
  return helper < 0 ? "(alone)" : instance.helper_ids[helper];
}

/** What a client did in the execution; those that did not complete are sorted last, or first. */
function actualClientColumns(plan: Plan): Column[] {
  if (!execution) return [];
  const actual = execution;
  const known = (value: number) => (Number.isNaN(value) ? Infinity : value);
  const cell = (text: (value: number) => string, value: number) => (value === Infinity ? "\u2013" : text(value));
  const completion = (row: number) => known(actual.completion(row));
  const later = (row: number) => known(actual.completion(row) - plan.completion(row));
  return [
    { name: "actual", about: "When its last batch was done", value: completion, cell: (row) => cell(number, completion(row)) },
    { name: "later by", about: "Actual completion less the planned one", value: later, cell: (row) => cell(signed, later(row)) },
    { name: "actual waits", about: "How long its tasks were ready and did not run", value: (row) => actual.waiting(row) },
    ...(actual.moved.length > 0
      ? [{ name: "actual helper", about: "Which helper served it last", value: (row: number) => helperName(actual.helperOf(row)) }]
      : []),
  ]; // prettier-ignore
}

function actualHelperColumns(): Column[] {
  if (!execution) return [];
  const actual = execution;
  const makespan = Math.max(1, actual.makespan);
  return [
    { name: "actual busy", about: "Sum of its tasks as they went", value: (row) => actual.busy[row] },
    {
      name: "actual share",
      about: "Of the actual makespan",
      value: (row) => actual.busy[row] / makespan,
      cell: (row) => percent(actual.busy[row] / makespan),
    },
    { name: "late tasks", about: "Tasks of the first batch that ended after their planned end", value: (row) => actual.lateCount[row] },
    { name: "actual last", about: "When the last of its clients completed", value: (row) => actual.lastEnd[row] },
  ];
}

function eventColumns(): Column[] {
  const { events, unit_us } = execution!.data;
  return [
    { name: "time", about: "When it happened", value: (row) => events.time[row] / unit_us },
    { name: "event", about: "What happened", value: (row) => events.kind[row] },
    { name: "node", about: "To which client or helper", value: (row) => events.node[row] },
    { name: "text", about: "More about it", value: (row) => events.text[row] },
  ];
}

function clientColumns(plan: Plan): Column[] {
  const { clients, makespan } = plan.data;
  const from = other.value;
  return [
    {
      name: "client",
      about: "The client's id; choose it to follow the client",
      value: (row) => instance.client_ids[row],
      cell: (row) => (
        <button class="link" onClick={() => follow(row)}>
          {instance.client_ids[row]}
        </button>
      ),
    },
    { name: "helper", about: "Which helper serves it", value: (row) => helperName(clients.helper[row]) },
    ...(from ? [{ name: "other helper", about: "Which helper serves it in the other plan", value: (row: number) => helperName(from.data.clients.helper[row]) }] : []),
    { name: "completion", about: "When its batch is done", value: (row) => clients.completion[row] },
    ...difference("vs. other", (each, row) => each.data.clients.completion[row]),
    ...actualClientColumns(plan),
    { name: "slack", about: "How long before the makespan it completes", value: (row) => makespan - clients.completion[row] },
    { name: "waits", about: "Queuing delay at the helper", value: (row) => plan.queuing(row) },
    { name: "release", about: "Forward on the client, and upload", value: (row) => clients.release[row] },
    { name: "forward", about: "Forward on the helper", value: (row) => clients.forward[row] },
    {
      name: "turnaround",
      about: "Download, loss and backward on the client, upload",
      value: (row) => clients.client_forward[row] + clients.client_backward[row],
    },
    { name: "backward", about: "Backward on the helper", value: (row) => clients.backward[row] },
    { name: "tail", about: "Download, and backward on the client", value: (row) => clients.tail[row] },
  ]; // prettier-ignore
}

function helperColumns(plan: Plan): Column[] {
  const makespan = Math.max(1, plan.data.makespan);
  const capacity = (row: number) => instance.memory_capacity_mb[row];
  return [
    {
      name: "helper",
      about: "The helper's id; choose it to see its row in the chart",
      value: (row) => instance.helper_ids[row],
      cell: (row) => (
        <button class="link" onClick={() => (focusedHelper.value = row)}>
          {instance.helper_ids[row]}
        </button>
      ),
    },
    { name: "clients", about: "How many clients it serves", value: (row) => plan.clientCount[row] },
    ...difference("clients vs. other", (each, row) => each.clientCount[row]),
    { name: "busy", about: "Sum of its tasks", value: (row) => plan.busy[row] },
    {
      name: "busy share",
      about: "Of the makespan",
      value: (row) => plan.busy[row] / makespan,
      cell: (row) => (
        <span class="meter">
          <i style={{ width: `${(100 * plan.busy[row]) / makespan}%` }} />
          {percent(plan.busy[row] / makespan)}
        </span>
      ),
    },
    { name: "last completion", about: "When the last of its clients completes", value: (row) => plan.lastEnd[row] },
    ...difference("end vs. other", (each, row) => each.lastEnd[row]),
    ...actualHelperColumns(),
    {
      name: "memory (MB)",
      about: "What its clients ask for, of what it has",
      value: (row) => plan.memory[row],
      cell: (row) => number(plan.memory[row]) + (capacity(row) < 0 ? "" : ` of ${number(capacity(row))}`),
    },
  ];
}

type Tab = "clients" | "helpers" | "events";
const TABS: Tab[] = execution && execution.data.events.time.length > 0 ? ["clients", "helpers", "events"] : ["clients", "helpers"];

export function Tables() {
  const [tab, setTab] = useState<Tab>("clients");
  const plan = shown.value;
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    const change = event.key === "ArrowRight" ? 1 : TABS.length - 1;
    const next = TABS[(TABS.indexOf(tab) + change) % TABS.length];
    setTab(next);
    document.getElementById(`tab-${next}`)?.focus();
  };
  return (
    <section class="card tables" aria-label="Tables">
      <div class="tabs" role="tablist" onKeyDown={onKey}>
        {TABS.map((name) => (
          <button
            key={name}
            id={`tab-${name}`}
            role="tab"
            aria-selected={tab === name}
            aria-controls="tab-panel"
            tabIndex={tab === name ? 0 : -1}
            onClick={() => setTab(name)}
          >
            {name[0].toUpperCase() + name.slice(1)}
          </button>
        ))}
      </div>
      <div id="tab-panel" role="tabpanel" aria-labelledby={`tab-${tab}`}>
        {tab === "events" && (
          <DataTable
            key="events"
            label="events"
            columns={eventColumns()}
            rowCount={execution!.data.events.time.length}
            searched={(row) => `${execution!.data.events.kind[row]} ${execution!.data.events.node[row]}`}
            isMarked={() => false}
            version={plan}
          />
        )}
        {tab === "clients" && (
          <DataTable
            key="clients"
            label="clients"
            columns={clientColumns(plan)}
            rowCount={instance.client_ids.length}
            searched={(row) => `${instance.client_ids[row]} ${helperName(plan.data.clients.helper[row])}`}
            isMarked={(row) => row === followed.value}
            version={plan}
          />
        )}
        {tab === "helpers" && (
          <DataTable
            key="helpers"
            label="helpers"
            columns={helperColumns(plan)}
            rowCount={instance.helper_ids.length}
            searched={(row) => instance.helper_ids[row]}
            isMarked={(row) => row === focusedHelper.value}
            version={plan}
          />
        )}
      </div>
    </section>
  );
}
