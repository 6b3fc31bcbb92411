import type { Course } from "./course";
import { number, percent, signed } from "./format";
import { follow } from "./selection";
import { execution, followed, instance, other, shown, told } from "./state";

function place(course: Course, client: number): string {
  const helper = course.helperOf(client);
  return helper < 0 ? "trains alone" : `on ${instance.helper_ids[helper]}`;
}

function Steps({ course, client, title }: { course: Course; client: number; title: string }) {
  const completion = course.completion(client);
  const whole = Math.max(1, Number.isNaN(completion) ? course.makespan : completion);
  return (
    <table class="plain">
      {title && <caption>{title}, {place(course, client)}</caption>}
      <thead>
        <tr>
          <th scope="col">step</th>
          <th scope="col" class="figure">from</th>
          <th scope="col" class="figure">to</th>
          <th scope="col" class="figure">length</th>
          <th scope="col" class="figure">share</th>
        </tr>
      </thead>
      <tbody>
        {course.steps(client).map((step, index) => (
          <tr key={index}>
            <td>
              <i class={`swatch ${step.kind}`} />
              {step.kind}
              {step.batch > 0 && <small class="muted"> batch {step.batch + 1}</small>}
            </td>
            <td class="figure">{number(step.start)}</td>
            <td class="figure">{number(step.end)}</td>
            <td class="figure">{number(step.end - step.start)}</td>
            <td class="figure">{percent((step.end - step.start) / whole)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  ); // prettier-ignore
}

/** When it completes, and against what that is to be seen. */
function Completion({ client }: { client: number }) {
  const course = told.value;
  const completion = course.completion(client);
  if (Number.isNaN(completion)) return <p class="late-text">Does not complete.</p>;
  const planned = shown.value.completion(client);
  const from = other.value;
  return (
    <p>
      Completes at <b>{number(completion)}</b>
      {completion === course.makespan ? ", the makespan" : `, ${number(course.makespan - completion)} before the makespan`}
      {execution && `, planned ${number(planned)} (${signed(completion - planned)})`}
      {from && ` (${signed(completion - from.completion(client))} against the other plan)`}
    </p>
  );
}

/** The client that is followed, step by step; how to follow one when there is none. */
export function ClientPanel() {
  const client = followed.value;
  if (client < 0) {
    const critical = told.value.criticalClient;
    return (
      <section class="card follow" aria-label="Client followed">
        <h2>Follow a client</h2>
        <p class="muted">Click a task in the chart or an id in the table to see a client's way from release to completion.</p>
        {critical >= 0 && (
          <button onClick={() => follow(critical)}>Follow {instance.client_ids[critical]}, which completes last</button>
        )}
      </section>
    );
  }
  return (
    <section class="card follow" aria-label="Client followed">
      <h2>
        {instance.client_ids[client]} <small>{place(told.value, client)}</small>
        <button class="close" aria-label="Stop following" onClick={() => follow(-1)}>
          {"\u00d7"}
        </button>
      </h2>
      <Completion client={client} />
      <div class={execution ? "both" : ""}>
        <Steps course={shown.value} client={client} title={execution ? "Planned" : ""} />
        {execution && <Steps course={execution} client={client} title="Actual" />}
      </div>
    </section>
  );
}
