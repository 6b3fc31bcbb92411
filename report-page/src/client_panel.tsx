import { number, percent, signed } from "./format";
import { follow } from "./selection";
import { followed, instance, other, shown } from "./state";

/** The client that is followed, phase by phase; how to follow one when there is none. */
export function ClientPanel() {
  const client = followed.value;
  const plan = shown.value;
  if (client < 0) {
    const critical = plan.data.critical_client;
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
  const { clients, makespan } = plan.data;
  const helper = clients.helper[client];
  const completion = clients.completion[client];
  const from = other.value;
  return (
    <section class="card follow" aria-label="Client followed">
      <h2>
        {instance.client_ids[client]} <small>{helper < 0 ? "trains alone" : `on ${instance.helper_ids[helper]}`}</small>
        <button class="close" aria-label="Stop following" onClick={() => follow(-1)}>
          {"\u00d7"}
        </button>
      </h2>
      <p>
        Completes at <b>{number(completion)}</b>
        {completion === makespan ? ", the makespan" : `, ${number(makespan - completion)} before the makespan`}
        {from && ` (${signed(completion - from.data.clients.completion[client])} against the other plan)`}
      </p>
      <table class="plain">
        <thead>
          <tr>
            <th scope="col">phase</th>
            <th scope="col" class="figure">from</th>
            <th scope="col" class="figure">to</th>
            <th scope="col" class="figure">length</th>
            <th scope="col" class="figure">share</th>
          </tr>
        </thead>
        <tbody>
          {plan.phases(client).map((phase, index) => (
            <tr key={index}>
              <td>
                <i class={`swatch ${phase.kind}`} />
                {phase.kind}
              </td>
              <td class="figure">{number(phase.start)}</td>
              <td class="figure">{number(phase.end)}</td>
              <td class="figure">{number(phase.end - phase.start)}</td>
              <td class="figure">{percent((phase.end - phase.start) / Math.max(1, completion))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
