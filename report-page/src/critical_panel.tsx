import type { PhaseKind } from "./data";
import { number, percent } from "./format";
import { follow } from "./selection";
import { instance, shown } from "./state";

const MOST_CLIENTS = 10;

/** What the makespan is made of: the critical path by kind of work, and the clients that it runs through. */
export function CriticalPanel() {
  const plan = shown.value;
  const lengths = new Map<PhaseKind, number>();
  const clients = new Set<number>();
  // From the end, so that the client which completes last comes first.
  for (const step of [...plan.criticalPath].reverse()) {
    lengths.set(step.kind, (lengths.get(step.kind) ?? 0) + step.end - step.start);
    clients.add(step.client);
  }
  const byLength = [...lengths].sort((left, right) => right[1] - left[1]);
  const whole = Math.max(1, plan.data.makespan);
  const critical = plan.data.critical_client;
  if (critical < 0) return null;
  return (
    <section class="card critical-panel" aria-label="Critical path">
      <h2>Critical path</h2>
      <p>
        <b>{instance.client_ids[critical]}</b> completes last. Read back from its end: what it waited for, and what that waited for.
      </p>
      <div class="stack" aria-hidden="true">
        {byLength.map(([kind, length]) => (
          <i key={kind} class={kind} style={{ width: `${(100 * length) / whole}%` }} />
        ))}
      </div>
      <ul class="parts">
        {byLength.map(([kind, length]) => (
          <li key={kind}>
            <i class={`swatch ${kind}`} />
            {kind} <b>{number(length)}</b> <span class="muted">{percent(length / whole)}</span>
          </li>
        ))}
      </ul>
      <p class="muted">Through {number(clients.size)} {clients.size === 1 ? "client" : "clients"}:</p>
      <div class="chips">
        {[...clients].slice(0, MOST_CLIENTS).map((client) => (
          <button key={client} onClick={() => follow(client)}>
            {instance.client_ids[client]}
          </button>
        ))}
        {clients.size > MOST_CLIENTS && <span class="muted">and {number(clients.size - MOST_CLIENTS)} more</span>}
      </div>
    </section>
  );
}
