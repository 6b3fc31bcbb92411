import { useState } from "preact/hooks";

import { DataTable, type Column } from "./data_table";
import { number, percent, signed } from "./format";
import type { Plan } from "./plan";
import { follow } from "./selection";
import { focusedHelper, followed, instance, other, shown } from "./state";

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
    {
      name: "memory (MB)",
      about: "What its clients ask for, of what it has",
      value: (row) => plan.memory[row],
      cell: (row) => number(plan.memory[row]) + (capacity(row) < 0 ? "" : ` of ${number(capacity(row))}`),
    },
  ];
}

const TABS = ["clients", "helpers"] as const;

export function Tables() {
  const [tab, setTab] = useState<(typeof TABS)[number]>("clients");
  const plan = shown.value;
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    const next = tab === "clients" ? "helpers" : "clients";
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
            {name === "clients" ? "Clients" : "Helpers"}
          </button>
        ))}
      </div>
      <div id="tab-panel" role="tabpanel" aria-labelledby={`tab-${tab}`}>
        {tab === "clients" ? (
          <DataTable
            key="clients"
            label="clients"
            columns={clientColumns(plan)}
            rowCount={instance.client_ids.length}
            searched={(row) => `${instance.client_ids[row]} ${helperName(plan.data.clients.helper[row])}`}
            isMarked={(row) => row === followed.value}
            version={plan}
          />
        ) : (
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
