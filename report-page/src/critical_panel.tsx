import type { Course } from "./course";
import type { StepKind } from "./data";
import { number, percent, signed } from "./format";
import { follow } from "./selection";
import { execution, instance, shown, told } from "./state";

const MOST_CLIENTS = 10;
const MOST_SLOW = 5;

/** How long the critical path is in each kind of step, from its end, so that what comes last is first among equals. */
function lengthsOf(course: Course): Map<StepKind, number> {
  const lengths = new Map<StepKind, number>();
  for (const step of [...course.criticalPath].reverse()) {
    lengths.set(step.kind, (lengths.get(step.kind) ?? 0) + step.end - step.start);
  }
  return new Map([...lengths].sort((left, right) => right[1] - left[1]));
}

function Stack({ course, whole }: { course: Course; whole: number }) {
  return (
    <div class="stack" aria-hidden="true">
      {[...lengthsOf(course)].map(([kind, length]) => (
        <i key={kind} class={kind} style={{ width: `${(100 * length) / whole}%` }} />
      ))}
    </div>
  );
}

function Parts({ course }: { course: Course }) {
  const lengths = lengthsOf(course);
  const planned = execution ? lengthsOf(shown.value) : null;
  const kinds = [...new Set([...lengths.keys(), ...(planned?.keys() ?? [])])];
  const whole = Math.max(1, course.makespan);
  return (
    <ul class="parts">
      {kinds.map((kind) => {
        const length = lengths.get(kind) ?? 0;
        return (
          <li key={kind}>
            <i class={`swatch ${kind}`} />
            {kind} <b>{number(length)}</b>{" "}
            <span class="muted">
              {percent(length / whole)}
              {planned && `, planned ${number(planned.get(kind) ?? 0)} (${signed(length - (planned.get(kind) ?? 0))})`}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

/** The steps of the path that took longer than planned. */
function Slow() {
  if (!execution || execution.slow.length === 0) return null;
  return (
    <>
      <p class="muted">On it, longer than planned:</p>
      <ul class="slow">
        {execution.slow.slice(0, MOST_SLOW).map((step, index) => (
          <li key={index}>
            {step.kind} of{" "}
            <button class="link" onClick={() => follow(step.client)}>
              {instance.client_ids[step.client]}
            </button>
            : {number(step.actual)} instead of {number(step.planned)} <b>{signed(step.actual - step.planned)}</b>
          </li>
        ))}
      </ul>
    </>
  );
}

/** What the makespan is made of: the critical path by kind of step, and the clients that it runs through. */
export function CriticalPanel() {
  const course = told.value;
  const critical = course.criticalClient;
  if (critical < 0) return null;
  // From the end, so that the client which completes last comes first.
  const clients = new Set([...course.criticalPath].reverse().map((step) => step.client));
  const whole = Math.max(1, course.makespan, execution ? shown.value.makespan : 0);
  return (
    <section class="card critical-panel" aria-label="Critical path">
      <h2>{execution ? "Actual critical path" : "Critical path"}</h2>
      <p>
        <b>{instance.client_ids[critical]}</b> completes last. Read back from its end: what it waited for, and what that waited for.
      </p>
      {execution && <Stack course={shown.value} whole={whole} />}
      <Stack course={course} whole={whole} />
      <Parts course={course} />
      <Slow />
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
